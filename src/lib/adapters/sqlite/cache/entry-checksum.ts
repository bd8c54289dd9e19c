import type {Database} from 'better-sqlite3'
import {columnKey, RowChecksum, type Value} from '../checksums/row-checksum.js'

/** What of an entry the use of it hangs on; `used_ms` and `bytes` only say which goes first. */
export interface CheckedEntry {
  readonly tbl: string
  readonly key: Uint8Array
  readonly corpus: string | null
  readonly model: string | null
  readonly created_ms: number
  readonly value: Uint8Array
}

/** As it is read. */
export interface EntryRow extends CheckedEntry {
  readonly id: number
  readonly used_ms: number
  readonly checksum: number
}

const COLUMNS = ['tbl', 'key', 'corpus', 'model', 'created_ms', 'value'] as const

const checksum = new RowChecksum(COLUMNS.map((column) => columnKey('entries', column)))

export function entryChecksum(entry: CheckedEntry): number {
  return checksum.of(COLUMNS.map((column): Value => entry[column]))
}

/** Entries that are not what was kept. */
export function countDamagedEntries(db: Database): number {
  let damaged = 0
  const rows = db.prepare<[], EntryRow>('SELECT * FROM entries').iterate()
  for (const row of rows) if (entryChecksum(row) !== row.checksum) damaged++
  return damaged
}

/** Gives a connection `entry_checksum(tbl, key, corpus, model, created_ms, value)`. */
export function addEntryChecksum(db: Database): void {
  const options = {deterministic: true, directOnly: true, varargs: true}
  db.function('entry_checksum', options, (...values: Value[]) => checksum.of(values))
}
