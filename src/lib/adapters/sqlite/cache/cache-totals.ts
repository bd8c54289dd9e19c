import type {Database} from 'better-sqlite3'
import type {CacheTable, CacheTableStats} from '../../../ports/store/key-value-cache.js'

/** Adds to the counts of a table, by column. */
export function addTotals(db: Database, table: CacheTable, add: Readonly<Record<string, number>>): void {
  const names = Object.keys(add)
  db.prepare('INSERT INTO totals (tbl) VALUES (?) ON CONFLICT (tbl) DO NOTHING').run(table)
  db.prepare(
    `UPDATE totals SET ${names.map((name) => `${name} = ${name} + ?`).join(', ')} WHERE tbl = ?`,
  ).run(...Object.values(add), table)
}

export function statsOf(db: Database, table: CacheTable, limitBytes: number): CacheTableStats {
  const totals = db
    .prepare<unknown[], {hits: number; misses: number; evictions: number}>(
      'SELECT hits, misses, evictions FROM totals WHERE tbl = ?',
    )
    .get(table) ?? {hits: 0, misses: 0, evictions: 0}
  const {count, bytes, oldest, newest} = db
    .prepare<unknown[], {count: number; bytes: number; oldest: number | null; newest: number | null}>(
      'SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes, min(created_ms) AS oldest, max(created_ms) AS newest FROM entries WHERE tbl = ?',
    )
    .get(table)!
  return {
    count,
    totalBytes: bytes,
    ...(oldest === null ? {} : {oldestMs: oldest}),
    ...(newest === null ? {} : {newestMs: newest}),
    hits: totals.hits,
    misses: totals.misses,
    evictions: totals.evictions,
    limitBytes,
  }
}
