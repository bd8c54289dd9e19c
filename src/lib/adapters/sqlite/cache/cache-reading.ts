import type {Database} from 'better-sqlite3'
import type {CacheTable} from '../../../ports/store/key-value-cache.js'
import {entryChecksum, type EntryRow} from './entry-checksum.js'

/** What was used so lately is not written down again: what goes first is as old as that at least. */
const USED_LATELY_MS = 10_000

interface Wanted {
  readonly table: CacheTable
  /** Lower-case hex. */
  readonly keys: readonly string[]
  readonly now: number
  /** What was kept before is not used. */
  readonly oldest: number
}

/** Values by key, in order. Which were used, and which are not what was kept, is noted. */
export function readEntries(
  db: Database,
  {table, keys, now, oldest}: Wanted,
  {used, damaged}: {readonly used: Set<number>; readonly damaged: Set<number>},
): readonly (Uint8Array | undefined)[] {
  const get = db.prepare<unknown[], EntryRow>('SELECT * FROM entries WHERE tbl = ? AND key = ?')
  return db.transaction(() =>
    keys.map((hex) => {
      const key = Buffer.from(hex, 'hex')
      const row = get.get(table, key)
      if (!row) return undefined
      // Of the key that was asked for: an index that leads elsewhere is noticed, too.
      if (entryChecksum({...row, tbl: table, key}) !== row.checksum) damaged.add(row.id)
      else if (row.created_ms >= oldest) {
        if (Math.abs(now - row.used_ms) >= USED_LATELY_MS) used.add(row.id)
        return row.value
      }
      return undefined
    }),
  )()
}
