import * as z from 'zod'
import {corpusName} from './parts/request-parts.js'
import * as v from './parts/values.js'

const cacheTable = z.enum(['embeddings', 'retrieval', 'answers'])

export const cacheStatsRequest = z.strictObject({})

export const cachePurgeRequest = z.strictObject({
  tables: z.array(cacheTable).optional().describe('remove the results of these tables; default: all'),
  corpus: v.text('only what was made for this corpus').optional(),
  model: v.text('only what was made by this model').optional(),
})

/** At least one of both. */
export const cachePruneRequest = z.strictObject({
  older_than: z.number().min(0).optional().describe('remove what was not used for so many seconds'),
  max_size: z
    .int()
    .min(1)
    .optional()
    .describe('then the least recently used, until all is no larger than so many bytes'),
})

export const cacheWarmRequest = z.strictObject({
  corpus: corpusName,
  queries: v.texts('searches to run'),
})

const table = z.strictObject({
  count: v.count('entries'),
  total_bytes: v.count('size of keys and values'),
  oldest_ts: z.iso.datetime().nullable().describe('when the oldest entry was made; null when there is none'),
  newest_ts: z.iso.datetime().nullable().describe('when the newest entry was made; null when there is none'),
  hits: v.count('questions that it could answer'),
  misses: v.count('questions that it could not'),
  hit_rate: v.share('hits among both'),
  evictions: v.count('entries that went because it was full'),
  limit_bytes: v.count('most bytes it may hold'),
})

export const cacheStatsResult = z.strictObject({
  path: v.text('the file'),
  file_bytes: v.count('its size, with the log'),
  tables: z
    .strictObject({
      embeddings: table.describe('cached vectors'),
      retrieval: table.describe('cached search results, with the same members'),
      answers: table.describe('cached answers, with the same members'),
    })
    .describe('what each table holds'),
})

export const cacheRemovalResult = z.strictObject({
  removed: z
    .strictObject({
      embeddings: v.count('cached vectors'),
      retrieval: v.count('cached search results'),
      answers: v.count('cached answers'),
    })
    .describe('entries that went'),
  bytes_freed: v.count('room on disk that was given back'),
})

export const cacheWarmResult = z.strictObject({
  queries: v.count('searches that were run'),
  already_cached: v.count('results that were cached before'),
  cached_now: v.count('results that are cached now'),
  not_cached: v.count('results that could not be kept (exit 3)'),
  skipped: v.count('lines that are no query (exit 3)'),
})

export type CacheTableData = v.Data<typeof table>
export type CacheStatsResult = v.Data<typeof cacheStatsResult>
export type CacheRemovalResult = v.Data<typeof cacheRemovalResult>
export type CacheWarmResult = v.Data<typeof cacheWarmResult>
