import type {Corpus} from '../model/corpus.js'
import type {Services} from '../ports/services.js'
import type {Store} from '../ports/store/store.js'
import {embeddingKey} from './cached-embedder.js'

/** Names under which vectors of the texts of documents may be cached, collected before the documents go. */
export async function cachedKeysOf(
  services: Pick<Services, 'digest'>,
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
          keys.push(embeddingKey(services.digest, {fingerprint, kind}, {text, title, heading}))
  }
  return keys
}
