/** The caches, by what they hold. */
export const CACHE_TABLES = ['embeddings', 'retrieval', 'answers'] as const

export type CacheTable = (typeof CACHE_TABLES)[number]

export interface CacheEntry {
  /** Lower-case hex of a hash of at least 128 bits over all that the value depends on. */
  readonly key: string
  readonly value: Uint8Array
  /** The corpus and model it was made for, for `purge`; no part of the key. */
  readonly corpus?: string | undefined
  readonly model?: string | undefined
  /** Keys of the documents that it was made of, for `removeMadeOf`; none for what was made of no document, absent where that isn't known. */
  readonly documents?: readonly string[] | undefined
}

/** An entry that is used for a document, too. */
export interface CacheClaim {
  readonly key: string
  /** Key of the document: at least 16 bytes as lower-case hex, of which nobody can tell its id. */
  readonly document: string
}

/** Which entries: all conditions that are given must hold. */
export interface CacheScope {
  readonly tables?: readonly CacheTable[] | undefined
  readonly corpus?: string | undefined
  readonly model?: string | undefined
}

export interface CacheTableStats {
  readonly count: number
  /** Bytes of keys and values. */
  readonly totalBytes: number
  readonly oldestMs?: number | undefined
  readonly newestMs?: number | undefined
  /** Since the cache was made, or last reset by a purge of the whole table. */
  readonly hits: number
  readonly misses: number
  readonly evictions: number
  /** Most bytes it may hold. */
  readonly limitBytes: number
}

export interface CacheStats {
  /** Where it is kept, for people. */
  readonly place: string
  /** Bytes on disk, of all tables with their log. */
  readonly fileBytes: number
  readonly tables: Readonly<Record<CacheTable, CacheTableStats>>
}

export interface CacheRemoval {
  readonly removed: Readonly<Record<CacheTable, number>>
  readonly bytesFreed: number
}

/**
 * What was computed before, by key. Anything in it may vanish at any time, and nothing in it is ever out of date: a key holds all
 * that its value depends on. `getMany`, `putMany` and `claim` never fail: a fault of the cache's own is a miss, or a value that is not kept. What a
 * person asks for (`stats`, `purge`, `remove`, `prune`) is done, or fails: STORE_BUSY | STORE_READ_ONLY | STORE_UNUSABLE | DISK_FULL.
 * Others may read, write and purge meanwhile, in this process and in others.
 */
export interface KeyValueCache {
  /** A value a key, in order; `undefined` where there is none. Counts hits and misses. */
  getMany(table: CacheTable, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>
  /** Keeps values, in the place of older ones of the same key; the least recently used (to some seconds) go when the table outgrows its limit. */
  putMany(table: CacheTable, entries: readonly CacheEntry[]): Promise<void>
  /** Notes that entries are used for documents that they were not put in for: `removeMadeOf` finds them by these as well. */
  claim(table: CacheTable, claims: readonly CacheClaim[]): Promise<void>
  stats(): Promise<CacheStats>
  /** What is wrong with it, in words; undefined when nothing is. Changes nothing. */
  check(): Promise<string | undefined>
  /** Removes entries for good, and gives their room on disk back. A damaged cache that was set aside goes altogether. */
  purge(scope: CacheScope): Promise<CacheRemoval>
  /** Removes entries by key, for good: what was derived from text that was deleted. */
  remove(table: CacheTable, keys: readonly string[]): Promise<number>
  /**
   * Removes the vectors that were made of documents, for good: whatever the document said then, and by whatever model; and those of the
   * corpus of which nobody knows what they were made of. Returns how many.
   */
  removeMadeOf(corpus: string, documents: readonly string[]): Promise<number>
  /** Removes what was not used for so long, then the least recently used until all tables together fit. */
  prune(limits: {
    readonly olderThanMs?: number | undefined
    readonly maxBytes?: number | undefined
  }): Promise<CacheRemoval>
  /** Writes down counts and times of use that are still held back. */
  close(): Promise<void>
}
