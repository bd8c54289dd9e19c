import type {Connection} from '../connection.js'
import {CHECKED_COLUMNS, CHECKED_TABLES, checksumOf, type CheckedTable} from './checked-tables.js'
import type {Value} from './row-checksum.js'

/** Rows of a table with numbers (`rowid`) after `after`, ascending. */
export interface RowPage {
  readonly after: number
  readonly limit: number
}

export interface RowPageReport {
  /** Rows looked at; fewer than the page's limit at the end. */
  readonly checked: number
  readonly last: number
  /** Numbers of rows whose checksum is not that of their columns. */
  readonly damaged: readonly number[]
}

/** Holds the rows of a table against their checksums. Inside a transaction. */
export function checkChecksums(on: Connection, table: CheckedTable, {after, limit}: RowPage): RowPageReport {
  const columns = CHECKED_COLUMNS[table]
  const checksum = checksumOf(table)
  const rows = on
    .sql<Value[]>(
      `SELECT ${columns.join(', ')}, checksum, rowid FROM ${table} NOT INDEXED
       WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .raw()
    .iterate(after, limit)
  const damaged: number[] = []
  let checked = 0
  let last = after
  for (const row of rows) {
    checked++
    last = row[columns.length + 1] as number
    if (checksum.of(row) !== row[columns.length]) damaged.push(last)
  }
  return {checked, last, damaged}
}

/** All damaged rows of a database, as `table rowid`. */
export function allDamagedRows(on: Connection): string[] {
  return CHECKED_TABLES.flatMap((table) =>
    checkChecksums(on, table, {after: Number.MIN_SAFE_INTEGER, limit: -1}).damaged.map(
      (row) => `${table} ${row}`,
    ),
  )
}
