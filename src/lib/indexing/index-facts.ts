import {measureTail} from './index-tail.js'
import type {Corpus} from '../model/corpus.js'
import {type EmbeddingVersion, keptVersion, liveVersion, unfinishedVersion} from '../model/embedding.js'
import type {Segment} from '../model/segment.js'
import type {Store} from '../ports/store/store.js'

/** What there is of vectors and index of a corpus, in numbers. */
export interface IndexFacts {
  readonly live: EmbeddingVersion | undefined
  /** The version to which one can go back. */
  readonly kept: EmbeddingVersion | undefined
  readonly building: EmbeddingVersion | undefined
  /** Of the live version. */
  readonly segments: readonly Segment[]
  readonly staged: readonly Segment[]
  readonly tail: number
  readonly chunks: number
  readonly vectors: number
  readonly pending: number
  readonly dummy: number
  /** Of the segments. */
  readonly bytes: number
}

export async function indexFacts(store: Store, corpus: Corpus): Promise<IndexFacts> {
  const versions = await store.listEmbeddingVersions(corpus.id)
  const live = liveVersion(versions)
  const segments = live ? await store.listSegments(live.id) : []
  const {chunks, vectors, pending, dummy} = await store.countCorpus(corpus.id)
  return {
    live,
    kept: keptVersion(versions),
    building: unfinishedVersion(versions),
    segments,
    staged: live ? await store.listStaged(live.id) : [],
    tail: live ? (await measureTail(store, live)).count : 0,
    chunks,
    vectors,
    pending,
    dummy,
    bytes: segments.reduce((sum, segment) => sum + segment.sizeBytes, 0),
  }
}
