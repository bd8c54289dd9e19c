import * as z from 'zod'
import {count, flag, share} from './values.js'

/** What caches had of an answer or a search. */
export const cacheUse = z
  .strictObject({
    answer_hit: flag('the answer was cached'),
    retrieval_hit: flag('the hits were cached'),
    embed_hits: count('texts whose vectors were cached'),
    embed_misses: count('texts that the embedder was asked for'),
  })
  .describe('what caches had')

/** What the cache of vectors had for a run that embeds. */
export const embeddingCacheUse = z
  .strictObject({
    embed_hits: count('texts whose vectors were cached'),
    embed_misses: count('texts that the embedder was asked for'),
    hit_rate: share('hits among both'),
  })
  .describe('what the cache of vectors had')
