import {statSync} from 'node:fs'
import type {Database} from 'better-sqlite3'
import {
  CACHE_TABLES,
  type CacheClaim,
  type CacheEntry,
  type CacheRemoval,
  type CacheScope,
  type CacheStats,
  type CacheTable,
  type CacheTableStats,
  type KeyValueCache,
} from '../../../ports/store/key-value-cache.js'
import type {Clock, Logger} from '../../../ports/surroundings.js'
import {insertClaims, insertEntries} from './cache-insertion.js'
import {addTotals, statsOf} from './cache-totals.js'
import {checkCache, isDamage, openCacheDatabase, removeSetAside, setAsideCache} from './cache-database.js'
import {cacheError} from './cache-errors.js'
import {readEntries} from './cache-reading.js'
import {evict, giveBack, removeDamaged, removeWhere, type Removed} from './cache-removal.js'

export interface SqliteCacheOptions {
  /** Path of `cache.db`. */
  readonly path: string
  readonly clock: Clock
  readonly logger: Logger
  /** Most bytes of keys and values a table. */
  readonly limits: Readonly<Record<CacheTable, number>>
  /** Older entries are not used. */
  readonly ttlMs?: number | undefined
}

/** Times of use are written together: a write a read would make a cache slower than what it saves. */
const MAX_HELD_BACK = 5000
interface HeldBack {
  readonly used: Set<number>
  /** Entries that are not what was kept, to be removed. */
  readonly damaged: Set<number>
  hits: number
  misses: number
}

/** `KeyValueCache` in a database of its own. */
export class SqliteCache implements KeyValueCache {
  readonly #options: SqliteCacheOptions
  readonly #held = new Map<CacheTable, HeldBack>()
  #db: Promise<Database | undefined> | undefined

  constructor(options: SqliteCacheOptions) {
    this.#options = options
  }

  async getMany(table: CacheTable, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const none = keys.map(() => undefined)
    if (keys.length === 0) return none
    const found = await this.#use((db) => this.#read(db, table, keys), none)
    const held = this.#heldOf(table)
    const hits = found.filter((value) => value !== undefined).length
    held.hits += hits
    held.misses += keys.length - hits
    if (held.used.size >= MAX_HELD_BACK) await this.#writeHeldBack()
    return found
  }

  async putMany(table: CacheTable, entries: readonly CacheEntry[]): Promise<void> {
    if (entries.length === 0) return
    await this.#use((db) => {
      db.transaction(() => {
        this.#flush(db)
        insertEntries(db, table, entries, this.#options.clock.now())
        evict(db, table, this.#options.limits[table])
      }).immediate()
    }, undefined)
  }

  async claim(table: CacheTable, claims: readonly CacheClaim[]): Promise<void> {
    if (claims.length === 0) return
    await this.#use((db) => db.transaction(() => insertClaims(db, table, claims)).immediate(), undefined)
  }

  remove(table: CacheTable, keys: readonly string[]): Promise<number> {
    return this.#remove(table, {
      sql: 'key IN (SELECT unhex(value) FROM json_each(?))',
      params: [JSON.stringify(keys)],
    })
  }

  removeMadeOf(corpus: string, documents: readonly string[]): Promise<number> {
    const sql = `(id IN (SELECT entry_id FROM origins WHERE document IN (SELECT unhex(value) FROM json_each(?)))
      OR id IN (SELECT id FROM entries WHERE tbl = 'embeddings' AND attributed = 0 AND corpus = ?))`
    return this.#remove('embeddings', {sql, params: [JSON.stringify(documents), corpus]})
  }

  async #remove(table: CacheTable, where: Parameters<typeof removeWhere>[2]): Promise<number> {
    const {count} = await this.#must(NOTHING, (db) => {
      const removed = db.transaction(() => removeWhere(db, table, where)).immediate()
      giveBack(db)
      return removed
    })
    removeSetAside(this.#options.path)
    return count
  }

  check(): Promise<string | undefined> {
    return checkCache(this.#options.path)
  }

  async purge({tables = CACHE_TABLES, corpus, model}: CacheScope): Promise<CacheRemoval> {
    const conditions = [
      ...(corpus === undefined ? [] : ['corpus = ?']),
      ...(model === undefined ? [] : ['model = ?']),
    ]
    const params = [corpus, model].filter((one) => one !== undefined)
    const where = {sql: conditions.length === 0 ? '1' : conditions.join(' AND '), params}
    const removal = await this.#removal(tables, (db, table) => {
      const removed = removeWhere(db, table, where)
      if (conditions.length === 0)
        db.prepare('UPDATE totals SET hits = 0, misses = 0, evictions = 0 WHERE tbl = ?').run(table)
      return removed
    })
    removeSetAside(this.#options.path)
    return removal
  }

  async prune({olderThanMs, maxBytes}: {olderThanMs?: number; maxBytes?: number}): Promise<CacheRemoval> {
    await this.#writeHeldBack()
    const oldest = olderThanMs === undefined ? undefined : this.#options.clock.now() - olderThanMs
    const stats = await this.stats()
    const total = CACHE_TABLES.reduce((sum, table) => sum + stats.tables[table].totalBytes, 0)
    return this.#removal(CACHE_TABLES, (db, table) => {
      const old =
        oldest === undefined ? NOTHING : removeWhere(db, table, {sql: 'used_ms < ?', params: [oldest]})
      if (maxBytes === undefined || total === 0) return old
      // Each table gives up its share.
      const share = Math.floor((maxBytes * stats.tables[table].totalBytes) / total)
      const more = evict(db, table, share, {exactly: true})
      return {count: old.count + more.count, bytes: old.bytes + more.bytes}
    })
  }

  async stats(): Promise<CacheStats> {
    const {path, limits} = this.#options
    await this.#writeHeldBack()
    const empty = CACHE_TABLES.map((table) => [table, {...NO_STATS, limitBytes: limits[table]}])
    const tables = await this.#must(Object.fromEntries(empty), (db) =>
      Object.fromEntries(CACHE_TABLES.map((table) => [table, statsOf(db, table, limits[table])])),
    )
    const fileBytes = ['', '-wal'].reduce((sum, end) => sum + fileSize(`${path}${end}`), 0)
    return {place: path, fileBytes, tables: tables as Record<CacheTable, CacheTableStats>}
  }

  async close(): Promise<void> {
    if (!this.#db) return
    await this.#writeHeldBack()
    const db = await this.#db
    this.#db = undefined
    db?.close()
  }

  async #removal(
    tables: readonly CacheTable[],
    work: (db: Database, table: CacheTable) => Removed,
  ): Promise<CacheRemoval> {
    const removed = {embeddings: 0, retrieval: 0, answers: 0}
    const before = fileSize(this.#options.path)
    await this.#must(undefined, (db) => {
      db.transaction(() => {
        this.#flush(db)
        for (const table of tables) removed[table] = work(db, table).count
      }).immediate()
      giveBack(db)
    })
    return {removed, bytesFreed: Math.max(0, before - fileSize(this.#options.path))}
  }

  #read(db: Database, table: CacheTable, keys: readonly string[]): readonly (Uint8Array | undefined)[] {
    const {ttlMs, clock} = this.#options
    const now = clock.now()
    const oldest = ttlMs === undefined ? 0 : now - ttlMs
    return readEntries(db, {table, keys, now, oldest}, this.#heldOf(table))
  }

  #heldOf(table: CacheTable): HeldBack {
    let held = this.#held.get(table)
    if (!held) this.#held.set(table, (held = {used: new Set(), damaged: new Set(), hits: 0, misses: 0}))
    return held
  }

  async #writeHeldBack(): Promise<void> {
    if (this.#held.size === 0) return
    await this.#use((db) => db.transaction(() => this.#flush(db)).immediate(), undefined)
  }

  /** Inside a transaction. */
  #flush(db: Database): void {
    const now = this.#options.clock.now()
    const touch = db.prepare('UPDATE entries SET used_ms = ? WHERE id IN (SELECT value FROM json_each(?))')
    for (const [table, {used, damaged, hits, misses}] of this.#held) {
      removeDamaged(db, table, damaged)
      if (used.size > 0) touch.run(now, JSON.stringify([...used]))
      addTotals(db, table, {hits, misses})
    }
    this.#held.clear()
  }

  /** Runs `work` on the database; what goes wrong is never the caller's business. A damaged file is set aside and made anew. */
  async #use<T>(work: (db: Database) => T, otherwise: T): Promise<T> {
    const {path, logger} = this.#options
    try {
      this.#db ??= openCacheDatabase(path)
      const db = await this.#db
      return db ? work(db) : otherwise
    } catch (error) {
      logger.debug('cache not used', {path, error: String(error)})
      if (isDamage(error)) await this.#makeAnew()
      // What can't be opened now is not tried at each call.
      else if (!isOpen(await this.#db?.catch(() => undefined))) this.#db = Promise.resolve(undefined)
      return otherwise
    }
  }

  /** Runs `work` on the database, for someone who relies on it; where there is none, `none` holds. @throws RagError as the port says */
  async #must<T>(none: T, work: (db: Database) => T): Promise<T> {
    const {path} = this.#options
    if (!isOpen(await this.#db?.catch(() => undefined)) && isMissing(path)) return none
    try {
      const db = await (this.#db ??= openCacheDatabase(path))
      // What could not be opened before, as a cache that nobody asked for, is tried again.
      return work(db ?? (await (this.#db = openCacheDatabase(path))))
    } catch (error) {
      if (!isDamage(error)) {
        if (!isOpen(await this.#db?.catch(() => undefined))) this.#db = undefined
        throw cacheError(path, error)
      }
      await this.#makeAnew()
      const db = await (this.#db ??= openCacheDatabase(path)).catch(() => undefined)
      if (db) return work(db)
      throw cacheError(path, error)
    }
  }

  async #makeAnew(): Promise<void> {
    const {path, logger} = this.#options
    const db = await this.#db?.catch(() => undefined)
    this.#held.clear()
    try {
      db?.close()
      setAsideCache(path)
      logger.warn(
        `The cache ${path} was damaged; it was set aside and is made anew. Nothing is lost but time.`,
      )
      this.#db = undefined
    } catch (error) {
      logger.debug('cache could not be set aside', {path, error: String(error)})
      this.#db = Promise.resolve(undefined)
    }
  }
}

const isOpen = (db: Database | undefined): boolean => db?.open === true

const NOTHING: Removed = {count: 0, bytes: 0}
const NO_STATS = {count: 0, totalBytes: 0, hits: 0, misses: 0, evictions: 0}

/** Only when that is certain: what can't be looked at may well be there. */
function isMissing(path: string): boolean {
  try {
    return statSync(path, {throwIfNoEntry: false}) === undefined
  } catch {
    return false
  }
}

/** 0 for a file that is not there, or can't be looked at. */
function fileSize(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}
