import type {EmbeddingVersion} from '../model/embedding.js'
import type {SeqRange} from '../model/seq-ranges.js'
import type {VectorStore} from '../ports/store/store.js'
import type {SegmentWriter} from './segment-writer.js'

/** Bytes of vectors that are read from the store at once, and the most vectors. */
const BLOCK_BYTES = 256 * 1024
const MOST_VECTORS = 4096

/**
 * Hands the stored vectors of a range to a writer that holds none of an open run. Whole segments are fed side by side, each from a reader
 * of its own: one after the other, the vectors of one would wait in memory for the next to begin. Stops early when `signal` says so.
 */
export async function feedStored(
  store: Pick<VectorStore, 'readVectors' | 'vectorSpan'>,
  {
    version: {id, dimension},
    range,
    writer,
    signal,
  }: {
    readonly version: Pick<EmbeddingVersion, 'id' | 'dimension'>
    readonly range: SeqRange
    readonly writer: SegmentWriter
    readonly signal?: AbortSignal | undefined
  },
): Promise<void> {
  const blockSize = Math.max(1, Math.min(MOST_VECTORS, Math.floor(BLOCK_BYTES / (4 * dimension))))
  const {lastSeq: end} = await store.vectorSpan(id, range)
  let {from} = range
  for (;;) {
    const part = await firstVectors(store, id, {from, to: end}, writer.size)
    if (signal?.aborted || part.count < writer.size) break
    await writer.addSegment(store.readVectors(id, {from, to: part.to}, blockSize), signal)
    from = part.to + 1
  }
  for await (const block of store.readVectors(id, {from, to: end}, blockSize)) {
    if (signal?.aborted) return
    await writer.add(block)
  }
}

/** How far from the start of a range so many vectors reach, or all of it when there are fewer. */
async function firstVectors(
  store: Pick<VectorStore, 'vectorSpan'>,
  versionId: number,
  {from, to}: SeqRange,
  wanted: number,
): Promise<{to: number; count: number}> {
  let count = 0
  let last = from - 1
  // A seq is at most one vector: never too far.
  while (count < wanted && last < to) {
    const next = Math.min(to, last + wanted - count)
    count += (await store.vectorSpan(versionId, {from: last + 1, to: next})).count
    last = next
  }
  return {to: last, count}
}
