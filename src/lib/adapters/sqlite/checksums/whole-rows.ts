import {rowsDamaged} from '../../../model/errors/store/store.js'
import type {Connection} from '../connection.js'
import {CHECKED_COLUMNS, checksumOf, type CheckedTable} from './checked-tables.js'
import type {Value} from './row-checksum.js'

/** Whether a row, read with all its columns, is the one that was stored. */
export function isWhole(table: CheckedTable, row: object): boolean {
  const held = row as Readonly<Record<string, Value>>
  return checksumOf(table).of(CHECKED_COLUMNS[table].map((column) => held[column]!)) === held['checksum']
}

/** How a damaged row is named: its table, and what its key is now. */
export function rowName(table: CheckedTable, row: object): string {
  return `${table} ${String((row as Readonly<Record<string, Value>>)[CHECKED_COLUMNS[table][0]])}`
}

/** Rows that are what was stored; the others are left out, and noted. */
export function wholeRows<Row extends object>(
  on: Connection,
  table: CheckedTable,
  rows: readonly Row[],
): Row[] {
  return rows.filter((row) => {
    const whole = isWhole(table, row)
    if (!whole) on.damage.add(rowName(table, row))
    return whole
  })
}

/** For what nothing can be said without. @throws RagError STORE_DAMAGED naming the rows that are not what was stored */
export function requireWhole<Row extends object>(
  on: Connection,
  table: CheckedTable,
  rows: readonly Row[],
): readonly Row[] {
  const damaged = rows.filter((row) => !isWhole(table, row))
  if (damaged.length === 0) return rows
  throw rowsDamaged(
    on.path,
    damaged.map((row) => rowName(table, row)),
  )
}
