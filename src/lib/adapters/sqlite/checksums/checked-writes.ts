import type {Connection} from '../connection.js'
import {CHECKED_COLUMNS, checksumOf, type CheckedTable, type ColumnOf} from './checked-tables.js'
import {columnKey, type Value} from './row-checksum.js'

/** `INSERT` of a whole row with its checksum: all columns in the order of `CHECKED_COLUMNS`, then the rest of the statement. */
export function insertInto(table: CheckedTable, rest = ''): string {
  const columns = [...CHECKED_COLUMNS[table], 'checksum']
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${rest}`
}

/** The values of a row, in the order of `CHECKED_COLUMNS`, and its checksum: the parameters of `insertInto`. */
export function withChecksum(table: CheckedTable, values: Value[]): Value[] {
  values.push(checksumOf(table).of(values))
  return values
}

/**
 * The `SET` of an `UPDATE`: columns by the SQL of their new values. The checksum is carried on from what it was: that of a damaged row
 * stays wrong. The SQL is written twice, so that it must give the same both times.
 */
export function setting<Table extends CheckedTable>(
  table: Table,
  changes: {readonly [Column in ColumnOf<Table>]?: string},
): string {
  const columns = Object.entries(changes) as [string, string][]
  const set = columns.map(([column, sql]) => `${column} = ${sql}`)
  const carried = columns.map(([column, sql]) => `${columnKey(table, column)}, ${column}, ${sql}`)
  return `${set.join(', ')}, checksum = carry_checksum(checksum, ${carried.join(', ')})`
}

/** Tables whose rows have numbers, with the column that holds it. */
const NUMBERED = {
  corpora: 'id',
  embedding_versions: 'id',
  documents: 'id',
  chunks: 'id',
  vectors: 'seq',
  segments: 'id',
  segment_drafts: 'id',
  messages: 'id',
  purges: 'id',
} as const

/**
 * The numbers that SQLite would give to new rows of a table (never one that was given before, where it is `AUTOINCREMENT`): the checksum
 * of a row covers its own. For one transaction, in which nobody else adds rows to the table as long as this is used.
 */
export class RowNumbers {
  readonly #on: Connection
  readonly #table: keyof typeof NUMBERED
  #next: number | undefined

  constructor(on: Connection, table: keyof typeof NUMBERED) {
    this.#on = on
    this.#table = table
  }

  /** The next number, which stays the next until it is taken. */
  get next(): number {
    return (this.#next ??= nextNumber(this.#on, this.#table))
  }

  take(): number {
    const number = this.next
    this.#next = number + 1
    return number
  }
}

function nextNumber(on: Connection, table: keyof typeof NUMBERED): number {
  return on
    .sql<number>(
      `SELECT 1 + max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = '${table}'), 0),
         coalesce((SELECT max(${NUMBERED[table]}) FROM ${table}), 0))`,
    )
    .pluck()
    .get() as number
}
