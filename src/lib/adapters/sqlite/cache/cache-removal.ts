import type {Database} from 'better-sqlite3'
import type {CacheTable} from '../../../ports/store/key-value-cache.js'

export interface Removed {
  readonly count: number
  readonly bytes: number
}

/** So much is made free at once, lest every new entry costs an old one. */
const ROOM = 0.1
const PAGE = 500

/** Removes entries of a table that fulfil a condition. Inside a transaction, or as one. */
export function removeWhere(
  db: Database,
  table: CacheTable,
  where: {readonly sql: string; readonly params: readonly unknown[]},
): Removed {
  const {count, bytes} = db
    .prepare<unknown[], Removed>(
      `SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM entries WHERE tbl = ? AND ${where.sql}`,
    )
    .get(table, ...where.params)!
  if (count === 0) return {count, bytes}
  db.prepare(`DELETE FROM entries WHERE tbl = ? AND ${where.sql}`).run(table, ...where.params)
  db.prepare('UPDATE totals SET count = count - ?, bytes = bytes - ? WHERE tbl = ?').run(count, bytes, table)
  return {count, bytes}
}

/** Removes the least recently used entries of a table that holds more than `limit` bytes. */
export function evict(
  db: Database,
  table: CacheTable,
  limit: number,
  {exactly = false}: {readonly exactly?: boolean} = {},
): Removed {
  const held = db.prepare<unknown[], number>('SELECT bytes FROM totals WHERE tbl = ?').pluck().get(table) ?? 0
  let excess = held > limit ? held - limit * (exactly ? 1 : 1 - ROOM) : 0
  let count = 0
  let bytes = 0
  const oldest = db.prepare<unknown[], {id: number; bytes: number}>(
    `SELECT id, bytes FROM entries WHERE tbl = ? ORDER BY used_ms, id LIMIT ${PAGE}`,
  )
  while (excess > 0) {
    const doomed: number[] = []
    for (const row of oldest.all(table)) {
      if (excess <= 0) break
      doomed.push(row.id)
      excess -= row.bytes
      bytes += row.bytes
    }
    if (doomed.length === 0) break
    db.prepare('DELETE FROM entries WHERE id IN (SELECT value FROM json_each(?))').run(JSON.stringify(doomed))
    count += doomed.length
  }
  if (count > 0)
    db.prepare(
      'UPDATE totals SET count = count - ?, bytes = bytes - ?, evictions = evictions + ? WHERE tbl = ?',
    ).run(count, bytes, count, table)
  return {count, bytes}
}

/** The room of what was removed goes back to the disk, and its bytes out of the log. */
export function giveBack(db: Database): void {
  db.pragma('incremental_vacuum')
  db.pragma('wal_checkpoint(TRUNCATE)')
}

/** Removes entries that are not what was kept. Inside a transaction. */
export function removeDamaged(db: Database, table: CacheTable, ids: ReadonlySet<number>): void {
  if (ids.size === 0) return
  removeWhere(db, table, {
    sql: 'id IN (SELECT value FROM json_each(?))',
    params: [JSON.stringify([...ids])],
  })
}
