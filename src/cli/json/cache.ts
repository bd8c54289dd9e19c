import type {
  CacheRemovalResult,
  CacheStatsResult,
  CacheTableData,
  CacheWarmResult,
} from '../../contract/index.js'
import type {CacheRemoval, CacheStats, CacheTableStats} from '../../lib/index.js'

/** `rag cache stats --json`. See docs/json.md. */
export function cacheStatsJson({place, fileBytes, tables}: CacheStats): CacheStatsResult {
  return {
    path: place,
    file_bytes: fileBytes,
    tables: {
      embeddings: tableJson(tables.embeddings),
      retrieval: tableJson(tables.retrieval),
      answers: tableJson(tables.answers),
    },
  }
}

function tableJson(table: CacheTableStats): CacheTableData {
  const {count, totalBytes, oldestMs, newestMs, hits, misses, evictions, limitBytes} = table
  return {
    count,
    total_bytes: totalBytes,
    oldest_ts: oldestMs === undefined ? null : new Date(oldestMs).toISOString(),
    newest_ts: newestMs === undefined ? null : new Date(newestMs).toISOString(),
    hits,
    misses,
    hit_rate: hits + misses > 0 ? hits / (hits + misses) : 0,
    evictions,
    limit_bytes: limitBytes,
  }
}

/** `rag cache purge --json` and `rag cache prune --json`. */
export function cacheRemovalJson({removed, bytesFreed}: CacheRemoval): CacheRemovalResult {
  return {removed, bytes_freed: bytesFreed}
}

/** What became of the queries of `rag cache warm`. */
export interface WarmCounts {
  readonly hits: number
  readonly kept: number
  readonly notKept: number
  readonly bad: number
}

/** `rag cache warm --json`. */
export function cacheWarmJson({hits, kept, notKept, bad}: WarmCounts): CacheWarmResult {
  return {
    queries: hits + kept + notKept,
    already_cached: hits,
    cached_now: kept,
    not_cached: notKept,
    skipped: bad,
  }
}
