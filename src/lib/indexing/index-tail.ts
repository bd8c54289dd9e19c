import type {EmbeddingVersion} from '../model/embedding.js'
import type {Segment} from '../model/segment.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import type {Lease} from '../ports/store/lease.js'
import type {SegmentLog, VectorStore} from '../ports/store/store.js'
import {feedStored} from './feed-stored.js'
import type {SegmentWriter} from './segment-writer.js'
import {uncovered, type SeqRange} from '../model/seq-ranges.js'
import {MAX_SEQ} from '../model/vector.js'

export interface Tail {
  readonly ranges: readonly (SeqRange & {readonly count: number})[]
  readonly count: number
  /** Whether new vectors follow on the last of the ranges, with no segment between. */
  readonly isOpen: boolean
}

/** Vectors of the version that no published segment covers. */
export async function measureTail(store: VectorStore & SegmentLog, version: EmbeddingVersion): Promise<Tail> {
  const ranges: (SeqRange & {count: number})[] = []
  let isOpen = false
  for (const range of uncovered(await store.listSegments(version.id))) {
    const {count, lastSeq} = await store.vectorSpan(version.id, range)
    if (count > 0) ranges.push({from: range.from, to: lastSeq, count})
    isOpen = count > 0 && range.to === MAX_SEQ
  }
  return {ranges, count: ranges.reduce((sum, range) => sum + range.count, 0), isOpen}
}

/** Hands the tail to the writer, as far as it makes segments. */
export async function indexTail(
  store: VectorStore,
  tail: Tail,
  job: {
    readonly version: EmbeddingVersion
    readonly writer: SegmentWriter
    readonly signal?: AbortSignal | undefined
  },
): Promise<void> {
  for (const {from, to} of tail.ranges) {
    await job.writer.endRun()
    await feedStored(store, {...job, range: {from, to}})
    if (job.signal?.aborted) return
  }
  // What is embedded next lies behind the segments that are there.
  if (!tail.isOpen) await job.writer.endRun()
}

/**
 * Takes the rows of lost or set-aside segments out of the log, so that their vectors are in the tail again and the next
 * build covers them. Nothing is embedded anew.
 */
export async function dropLostSegments(
  tools: {readonly log: SegmentLog; readonly files: ArtifactFiles},
  version: EmbeddingVersion,
  lease: Lease,
): Promise<readonly Segment[]> {
  const lost: Segment[] = []
  for (const segment of await tools.log.listSegments(version.id))
    if (!(await tools.files.present(segment))) lost.push(segment)
  if (lost.length > 0)
    await tools.log.publishSegments(version.id, {add: [], drop: lost.map((segment) => segment.id)}, lease)
  return lost
}
