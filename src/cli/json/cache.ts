import type {CacheRemoval, CacheStats, CacheTableStats} from '../../lib/index.js'

/** `rag cache stats --json`. See docs/json.md. */
export function cacheStatsJson({place, fileBytes, tables}: CacheStats): Record<string, unknown> {
  return {
    path: place,
    file_bytes: fileBytes,
    tables: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, tableJson(table)])),
  }
}

function tableJson(table: CacheTableStats): Record<string, unknown> {
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
export function cacheRemovalJson({removed, bytesFreed}: CacheRemoval): Record<string, unknown> {
  return {removed, bytes_freed: bytesFreed}
}
