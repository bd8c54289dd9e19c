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
} from '../../../src/lib/ports/store/key-value-cache.js'
import type {Clock} from '../../../src/lib/ports/surroundings.js'

interface Entry extends CacheEntry {
  readonly claims: Set<string>
  readonly createdMs: number
  usedMs: number
}

interface Table {
  readonly entries: Map<string, Entry>
  hits: number
  misses: number
  evictions: number
}

export interface MemoryCacheOptions {
  readonly clock: Clock
  readonly limits: Readonly<Record<CacheTable, number>>
  /** Entries older than this are not used. Default: no limit. */
  readonly ttlMs?: number | undefined
}

/** A cache held in memory: the order of its entries is the order of their last use. */
export function createMemoryCache(options: MemoryCacheOptions): KeyValueCache {
  return new MemoryCache(options)
}

class MemoryCache implements KeyValueCache {
  readonly #clock: Clock
  readonly #limits: Readonly<Record<CacheTable, number>>
  readonly #ttlMs: number
  readonly #tables = new Map<CacheTable, Table>(
    CACHE_TABLES.map((name) => [name, {entries: new Map(), hits: 0, misses: 0, evictions: 0}]),
  )

  constructor({clock, limits, ttlMs = Infinity}: MemoryCacheOptions) {
    this.#clock = clock
    this.#limits = limits
    this.#ttlMs = ttlMs
  }

  async getMany(name: CacheTable, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const table = this.#of(name)
    const oldest = this.#clock.now() - this.#ttlMs
    return keys.map((key) => {
      const entry = table.entries.get(key)
      if (!entry || entry.createdMs < oldest) {
        table.misses++
        return undefined
      }
      table.hits++
      entry.usedMs = this.#clock.now()
      table.entries.delete(key)
      table.entries.set(key, entry)
      return entry.value.slice()
    })
  }

  async putMany(name: CacheTable, added: readonly CacheEntry[]): Promise<void> {
    const now = this.#clock.now()
    const {entries} = this.#of(name)
    for (const entry of added) {
      const old = entries.get(entry.key)
      const claims = new Set([...(old?.claims ?? []), ...(entry.documents ?? [])])
      const documents = old && !old.documents ? undefined : entry.documents
      entries.delete(entry.key)
      const times = {createdMs: now, usedMs: now}
      entries.set(entry.key, {...entry, documents, claims, value: entry.value.slice(), ...times})
    }
    if (this.#bytesOf(name) > this.#limits[name]) this.#shrink(name, 0.9 * this.#limits[name])
  }

  async claim(name: CacheTable, claims: readonly CacheClaim[]): Promise<void> {
    for (const {key, document} of claims) this.#of(name).entries.get(key)?.claims.add(document)
  }

  async removeMadeOf(corpus: string, documents: readonly string[]): Promise<number> {
    return this.#removeIf(
      'embeddings',
      (entry) =>
        documents.some((document) => entry.claims.has(document)) ||
        (!entry.documents && entry.corpus === corpus),
    )
  }

  async stats(): Promise<CacheStats> {
    const all = CACHE_TABLES.map((name) => [name, statsOf(this.#of(name), this.#limits[name])])
    return {place: 'memory', fileBytes: 0, tables: Object.fromEntries(all) as CacheStats['tables']}
  }

  async purge({tables: names = CACHE_TABLES, corpus, model}: CacheScope): Promise<CacheRemoval> {
    return this.#removal(names, (name) => {
      if (corpus === undefined && model === undefined)
        Object.assign(this.#of(name), {hits: 0, misses: 0, evictions: 0})
      return this.#removeIf(
        name,
        (entry) =>
          (corpus === undefined || entry.corpus === corpus) && (model === undefined || entry.model === model),
      )
    })
  }

  async remove(name: CacheTable, keys: readonly string[]): Promise<number> {
    const wanted = new Set(keys)
    return this.#removeIf(name, ({key}) => wanted.has(key))
  }

  async prune({olderThanMs, maxBytes}: {olderThanMs?: number; maxBytes?: number}): Promise<CacheRemoval> {
    const oldest = this.#clock.now() - (olderThanMs ?? Infinity)
    const total = CACHE_TABLES.reduce((sum, name) => sum + this.#bytesOf(name), 0)
    return this.#removal(CACHE_TABLES, (name) => {
      const isFree = maxBytes === undefined || total === 0
      const share = isFree ? Infinity : Math.floor((maxBytes * this.#bytesOf(name)) / total)
      const old = olderThanMs === undefined ? 0 : this.#removeIf(name, ({usedMs}) => usedMs < oldest)
      return old + this.#shrink(name, share)
    })
  }

  check(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  async close(): Promise<void> {
    // Nothing is held back.
  }

  #of(name: CacheTable): Table {
    return this.#tables.get(name)!
  }

  #bytesOf(name: CacheTable): number {
    return [...this.#of(name).entries.values()].reduce((sum, one) => sum + sizeOf(one), 0)
  }

  #shrink(name: CacheTable, limit: number): number {
    const table = this.#of(name)
    let excess = this.#bytesOf(name) - limit
    let count = 0
    for (const [key, entry] of table.entries) {
      if (excess <= 0) break
      excess -= sizeOf(entry)
      table.entries.delete(key)
      count++
    }
    table.evictions += count
    return count
  }

  #removeIf(name: CacheTable, goes: (entry: Entry) => boolean): number {
    const {entries} = this.#of(name)
    const doomed = [...entries.values()].filter(goes)
    for (const {key} of doomed) entries.delete(key)
    return doomed.length
  }

  #removal(names: readonly CacheTable[], work: (name: CacheTable) => number): CacheRemoval {
    const removed = {embeddings: 0, retrieval: 0, answers: 0}
    for (const name of names) removed[name] = work(name)
    return {removed, bytesFreed: 0}
  }
}

const sizeOf = ({key, value}: CacheEntry): number => key.length / 2 + value.length

function statsOf({entries, hits, misses, evictions}: Table, limitBytes: number): CacheTableStats {
  const created = [...entries.values()].map(({createdMs}) => createdMs)
  const totalBytes = [...entries.values()].reduce((sum, entry) => sum + sizeOf(entry), 0)
  const times = created.length === 0 ? {} : {oldestMs: Math.min(...created), newestMs: Math.max(...created)}
  return {count: entries.size, totalBytes, ...times, hits, misses, evictions, limitBytes}
}
