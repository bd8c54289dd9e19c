import type {Corpus} from '../model/corpus.js'
import {liveVersion, type EmbeddingVersion} from '../model/embedding.js'
import {dummiesDoNotFit} from '../model/errors/corpus/model.js'
import {externalVersion} from './external-version.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'

const PAGE = 1000

interface Filling {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
}

/**
 * Puts a placeholder of zeros in the place of every missing vector; the vector side of searches leaves them out until
 * `rag rebuild --reembed --only-missing` fills them. Returns how many. @throws RagError DIMENSION_MISMATCH
 */
export async function fillWithDummies({store, corpus, lease}: Filling, dimension: number): Promise<number> {
  const live = liveVersion(await store.listEmbeddingVersions(corpus.id))
  const {pending} = await store.countCorpus(corpus.id)
  if (pending === 0) return 0
  // A learned model has something to say of every text it can; the rest waits for it.
  if (live?.modelFile) return 0
  const version = live ?? (await firstVersion({store, corpus, lease}, dimension))
  checkDimension(corpus, version.dimension, dimension)
  let filled = 0
  for (let afterId = 0; ;) {
    const page = await store.pendingChunks(corpus.id, version.id, {afterId, limit: PAGE})
    if (page.length === 0) return filled
    afterId = page.at(-1)!.chunkId
    const vector = new Float32Array(dimension)
    await store.commitVectors(
      version.id,
      page.map(({chunkId}) => ({chunkId, kind: 'dummy', vector})),
      lease,
    )
    filled += page.length
  }
}

/** A corpus whose model could not be reached yet: its name and the length of its vectors are known. */
async function firstVersion({store, corpus, lease}: Filling, dimension: number): Promise<EmbeddingVersion> {
  const entry = externalVersion(corpus.settings.model, dimension)
  const version = await store.addEmbeddingVersion(corpus.id, entry, lease)
  await store.setLiveVersion(version.id, lease, {allowPending: true})
  return {...version, state: 'live'}
}

function checkDimension(corpus: Corpus, expected: number, asked: number): void {
  if (expected !== asked) throw dummiesDoNotFit(corpus, expected, asked)
}
