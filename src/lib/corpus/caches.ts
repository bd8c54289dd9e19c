import type {Corpus} from '../model/corpus.js'
import {reasonOf} from '../model/errors.js'
import type {
  CacheRemoval,
  CacheScope,
  CacheStats,
  CacheTable,
  KeyValueCache,
} from '../ports/store/key-value-cache.js'
import type {Services} from '../ports/services.js'

/** `Rag.cacheStats`. */
export async function cacheStats(services: Pick<Services, 'cache'>): Promise<CacheStats> {
  return (await required(services)).stats()
}

/** `Rag.cachePurge`. */
export async function cachePurge(
  services: Pick<Services, 'cache'>,
  scope: CacheScope,
): Promise<CacheRemoval> {
  return (await required(services)).purge(scope)
}

/** `Rag.cachePrune`. */
export async function cachePrune(
  services: Pick<Services, 'cache'>,
  limits: {readonly olderThanMs?: number | undefined; readonly maxBytes?: number | undefined},
): Promise<CacheRemoval> {
  return (await required(services)).prune(limits)
}

/** Also when they are off: what was kept before is there. */
async function required(services: Pick<Services, 'cache'>): Promise<KeyValueCache> {
  return (await services.cache({evenOff: true}))!
}

/**
 * Takes out of the caches what was made of removed documents: vectors by key and by the documents that they were made of, and all results and answers of the corpus, any of which may
 * quote them. Says how many entries went, and whether none is left.
 */
export async function purgeFromCaches(
  services: Pick<Services, 'cache' | 'logger'>,
  corpus: Corpus,
  gone: {readonly keys: readonly string[]; readonly documents: readonly string[]},
): Promise<{readonly removed: number; readonly absent: boolean}> {
  // Also when the caches are off: they may hold what was kept before.
  const cache = await required(services)
  try {
    const removed = await removeOnce(cache, corpus, gone)
    return {removed, absent: (await removeOnce(cache, corpus, gone)) === 0}
  } catch (error) {
    services.logger.warn(
      `What is cached of the documents could not be removed: ${reasonOf(error)} See rag cache purge.`,
    )
    return {removed: 0, absent: false}
  }
}

async function removeOnce(
  cache: KeyValueCache,
  {name}: Corpus,
  {keys, documents}: Parameters<typeof purgeFromCaches>[2],
): Promise<number> {
  const made = await cache.removeMadeOf(name, documents)
  const vectors = keys.length > 0 ? await cache.remove('embeddings', keys) : 0
  const {removed} = await cache.purge({corpus: name, tables: ['retrieval', 'answers']})
  return made + vectors + removed.retrieval + removed.answers
}

/** Takes back what was just kept. A search or an answer never fails for that. */
export async function uncache(
  services: Pick<Services, 'cache' | 'logger'>,
  table: CacheTable,
  key: string,
): Promise<void> {
  try {
    await (await services.cache())?.remove(table, [key])
  } catch (error) {
    services.logger.warn(`A cached result could not be taken back: ${reasonOf(error)} See rag cache purge.`)
  }
}

/** Nothing of a corpus that is gone is ever found again; what can't be removed now costs room. */
export async function purgeCorpusFromCaches(
  services: Pick<Services, 'cache' | 'logger'>,
  corpus: string,
): Promise<void> {
  try {
    await (await required(services)).purge({corpus})
  } catch (error) {
    services.logger.warn(
      `What is cached of corpus "${corpus}" could not be removed: ${reasonOf(error)} See rag cache purge.`,
    )
  }
}
