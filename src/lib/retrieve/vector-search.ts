import type {EmbeddingVersion} from '../model/embedding.js'
import type {Filter} from '../model/metadata.js'
import {cosine} from '../model/vector.js'
import type {VectorStore} from '../ports/store/store.js'
import type {Neighbour, OpenSegment} from '../ports/vector-index.js'

/** An opened index: segments and tail of one embedding version. */
export interface OpenIndex {
  readonly version: EmbeddingVersion
  readonly parts: readonly OpenSegment[]
}

export interface VectorQuery {
  readonly vector: Float32Array
  readonly limit: number
  readonly filters: readonly Filter[]
}

export interface VectorHit {
  readonly chunkId: number
  /** Exact cosine of the stored vector. */
  readonly score: number
}

/** Below it two texts have nothing to do with each other: what is left is the noise of rounding. */
const LEAST_COSINE = 0.01

/** So few vectors pass the filters that comparing with all of them beats walking the graph. */
const SCAN_LIMIT = 4000

/** The nearest live chunks that pass the filters, best first, with exact scores; ties by chunk id. */
export async function searchVectors(
  store: VectorStore,
  index: OpenIndex,
  query: VectorQuery,
): Promise<readonly VectorHit[]> {
  if (query.filters.length === 0) return nearest(store, index, query)
  const seqs = await store.seqsWhere(index.version.id, query.filters)
  if (seqs.length <= SCAN_LIMIT) {
    const chunks = await store.chunksOfSeqs(index.version.id, [...seqs])
    return exact(store, index.version, query, [...chunks.values()])
  }
  return nearest(store, index, query, membership(seqs))
}

/**
 * Segments still hold the vectors of deleted chunks. When these crowd out live ones, more neighbours are asked for, until
 * enough are alive or there are no more.
 */
async function nearest(
  store: VectorStore,
  index: OpenIndex,
  query: VectorQuery,
  allow?: (seq: number) => boolean,
): Promise<readonly VectorHit[]> {
  const size = index.parts.reduce((sum, part) => sum + part.count, 0)
  for (let ask = query.limit; ; ask *= 4) {
    const neighbours = merged(
      index.parts.map((part) => part.search(query.vector, ask, allow)),
      ask,
    )
    const chunks = await store.chunksOfSeqs(
      index.version.id,
      neighbours.map((neighbour) => neighbour.seq),
    )
    if (chunks.size >= query.limit || ask >= size || neighbours.length < ask)
      return (await exact(store, index.version, query, [...chunks.values()])).slice(0, query.limit)
  }
}

function merged(lists: readonly (readonly Neighbour[])[], limit: number): readonly Neighbour[] {
  return lists
    .flat()
    .sort((a, b) => b.score - a.score || a.seq - b.seq)
    .slice(0, limit)
}

async function exact(
  store: VectorStore,
  version: EmbeddingVersion,
  {vector, limit}: VectorQuery,
  chunkIds: readonly number[],
): Promise<readonly VectorHit[]> {
  const scores = await scoreVectors(store, version, {vector, chunkIds})
  return [...scores]
    .map(([chunkId, score]) => ({chunkId, score}))
    .filter(({score}) => score >= LEAST_COSINE)
    .sort((a, b) => b.score - a.score || a.chunkId - b.chunkId)
    .slice(0, limit)
}

/** Exact cosines of given chunks; those without a vector are left out. */
export async function scoreVectors(
  store: VectorStore,
  version: EmbeddingVersion,
  {vector, chunkIds}: {readonly vector: Float32Array; readonly chunkIds: readonly number[]},
): Promise<ReadonlyMap<number, number>> {
  const vectors = await store.vectorsOfChunks(version.id, chunkIds)
  return new Map([...vectors].map(([chunkId, stored]) => [chunkId, cosine(vector, stored)]))
}

function membership(seqs: Uint32Array): (seq: number) => boolean {
  const last = seqs.at(-1) ?? 0
  const bits = new Uint8Array((last >>> 3) + 1)
  for (const seq of seqs) bits[seq >>> 3]! |= 1 << (seq & 7)
  return (seq) => seq <= last && (bits[seq >>> 3]! & (1 << (seq & 7))) !== 0
}
