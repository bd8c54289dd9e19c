import type {CacheOptions} from '../../lib/index.js'
import {optional} from '../optional.js'
import type {RagConfig} from './resolve-config.js'

/** What the settings say of caches. */
export function cacheOptions(settings: RagConfig): CacheOptions {
  const limits = optional({
    embeddings: settings.cache_limit_embeddings.value,
    retrieval: settings.cache_limit_retrieval.value,
    answers: settings.cache_limit_answers.value,
  })
  return {
    limits,
    off: settings.cache.value === 'off',
    dir: settings.cache_dir.value,
    ttlMs: settings.cache_ttl.value,
  } as CacheOptions
}
