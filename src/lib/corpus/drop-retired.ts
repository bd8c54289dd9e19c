import type {Corpus} from '../model/corpus.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'

/**
 * Drops embedding versions that were replaced and are not kept. Whoever replaces one does so at once; who was killed in between leaves it to
 * the next writer. Returns how many there were. Their files are orphans afterwards.
 */
export async function dropRetired(store: Store, corpus: Pick<Corpus, 'id'>, lease: Lease): Promise<number> {
  const retired = (await store.listEmbeddingVersions(corpus.id)).filter(
    ({state, kept}) => state === 'retired' && kept !== true,
  )
  for (const {id} of retired) await store.dropEmbeddingVersion(id, lease)
  return retired.length
}
