import type {Database} from 'better-sqlite3'
import type {CacheClaim, CacheEntry, CacheTable} from '../../../ports/store/key-value-cache.js'
import {entryChecksum} from './entry-checksum.js'
import {addTotals} from './cache-totals.js'

/** Puts values in, in the place of older ones of the same key. Inside a transaction. */
export function insertEntries(
  db: Database,
  table: CacheTable,
  entries: readonly CacheEntry[],
  nowMs: number,
): void {
  const old = db.prepare<unknown[], {bytes: number}>('SELECT bytes FROM entries WHERE tbl = ? AND key = ?')
  const put = db.prepare(
    `INSERT INTO entries (tbl, key, bytes, corpus, model, created_ms, used_ms, value, attributed, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tbl, key) DO UPDATE SET bytes = excluded.bytes, corpus = excluded.corpus, model = excluded.model,
     created_ms = excluded.created_ms, used_ms = excluded.used_ms, value = excluded.value, checksum = excluded.checksum,
     attributed = min(attributed, excluded.attributed)`,
  )
  let count = 0
  let bytes = 0
  for (const {key, value, corpus, model, documents} of entries) {
    const raw = Buffer.from(key, 'hex')
    const before = old.get(table, raw)
    const size = raw.length + value.length
    const checked = {
      tbl: table,
      key: raw,
      corpus: corpus ?? null,
      model: model ?? null,
      created_ms: nowMs,
      value,
    }
    const checksum = entryChecksum(checked)
    put.run(table, raw, size, checked.corpus, checked.model, nowMs, nowMs, value, documents ? 1 : 0, checksum)
    count += before ? 0 : 1
    bytes += size - (before?.bytes ?? 0)
  }
  addTotals(db, table, {count, bytes})
  insertClaims(
    db,
    table,
    entries.flatMap(({key, documents = []}) => documents.map((document) => ({key, document}))),
  )
}

/** Notes for which documents entries are used; an entry that is gone needs no note. Inside a transaction. */
export function insertClaims(db: Database, table: CacheTable, claims: readonly CacheClaim[]): void {
  const claim = db.prepare(
    'INSERT OR IGNORE INTO origins (document, entry_id) SELECT ?, id FROM entries WHERE tbl = ? AND key = ?',
  )
  for (const {key, document} of claims)
    claim.run(Buffer.from(document, 'hex'), table, Buffer.from(key, 'hex'))
}
