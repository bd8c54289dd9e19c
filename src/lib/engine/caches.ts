import {embeddingKey} from '../embedding/cached-embedder.js'
import type {Corpus} from '../model/corpus.js'
import {usage} from '../model/errors.js'
import type {CacheRemoval, CacheScope, CacheStats, KeyValueCache} from '../ports/key-value-cache.js'
import type {Store} from '../ports/store.js'
import type {Environment} from './environment.js'

/** `Rag.cacheStats`. */
export async function cacheStats(env: Environment): Promise<CacheStats> {
  return (await required(env)).stats()
}

/** `Rag.cachePurge`. */
export async function cachePurge(env: Environment, scope: CacheScope): Promise<CacheRemoval> {
  return (await required(env)).purge(scope)
}

/** `Rag.cachePrune`. */
export async function cachePrune(
  env: Environment,
  limits: {readonly olderThanMs?: number; readonly maxBytes?: number},
): Promise<CacheRemoval> {
  return (await required(env)).prune(limits)
}

/** @throws RagError USAGE when the caches are off */
async function required(env: Environment): Promise<KeyValueCache> {
  const cache = await env.cache()
  if (!cache) throw usage('The caches are turned off.')
  return cache
}

/** Names under which vectors of the texts of documents may be cached, collected before the documents go. */
export async function cachedKeysOf(
  env: Environment,
  {store, corpus}: {readonly store: Store; readonly corpus: Corpus},
  docIds: readonly string[],
): Promise<readonly string[]> {
  const versions = await store.listEmbeddingVersions(corpus.id)
  const served = versions.filter((version) => version.spec)
  if (served.length === 0) return []
  const keys: string[] = []
  for (const docId of docIds) {
    const document = await store.getDocument(corpus.id, docId)
    if (!document) continue
    for (const {text, title, heading} of await store.documentChunks(document.id))
      for (const {fingerprint} of served)
        for (const kind of ['passage', 'query'] as const)
          keys.push(embeddingKey(env.digest, {fingerprint, kind}, {text, title, heading}))
  }
  return keys
}

/**
 * Takes out of the caches what was made of removed documents: vectors by key, and all results and answers of the corpus, any of which may
 * quote them. Says how many entries went, and whether none is left.
 */
export async function forgetInCaches(
  env: Environment,
  corpus: Corpus,
  keys: readonly string[],
): Promise<{readonly removed: number; readonly absent: boolean}> {
  const cache = await env.cache()
  if (!cache) return {removed: 0, absent: true}
  const vectors = keys.length > 0 ? await cache.remove('embeddings', keys) : 0
  const {removed} = await cache.purge({corpus: corpus.name, tables: ['retrieval', 'answers']})
  const left = await cache.getMany('embeddings', keys)
  const again = await cache.purge({corpus: corpus.name, tables: ['retrieval', 'answers']})
  return {
    removed: vectors + removed.retrieval + removed.answers,
    absent: left.every((one) => one === undefined) && again.removed.retrieval + again.removed.answers === 0,
  }
}
