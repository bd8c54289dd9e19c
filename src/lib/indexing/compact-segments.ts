import type {EmbeddingVersion} from '../model/embedding.js'
import type {NewSegment} from '../model/segment.js'
import {uncovered, type SeqRange} from '../model/seq-ranges.js'
import {MAX_SEQ} from '../model/vector.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import type {Lease} from '../ports/store/lease.js'
import type {SegmentLog, VectorStore} from '../ports/store/store.js'
import type {ProgressSink} from '../ports/surroundings.js'
import type {SegmentBuilder} from '../ports/vector-index.js'
import {feedStored} from './feed-stored.js'
import {planCompaction, type Merge, type Piece} from './plan-compaction.js'
import {checkpointSize, partSize, segmentSizes, type SegmentSizes} from './segment-size.js'
import {SegmentWriter} from './segment-writer.js'

/** Below this share of dead vectors, what each segment holds is not counted. */
const WORTH_COUNTING = 0.2

export interface CompactTools {
  readonly store: VectorStore & SegmentLog
  readonly files: ArtifactFiles
  /** Made when there is something to build. */
  readonly builder: () => Promise<SegmentBuilder>
}

/** Where and under which lease merges run. */
export interface MergeJob {
  readonly version: EmbeddingVersion
  readonly folder: string
  readonly lease: Lease
  readonly sizes?: SegmentSizes | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
}

export interface CompactJob extends MergeJob {
  readonly threads: number
  /** Dense vectors of live chunks in the version, as far as known: spares counting each segment's. */
  readonly live?: number | undefined
  readonly budget: number
  readonly everything?: boolean | undefined
}

export interface Compaction {
  /** Segments that were replaced, and those that came in their place. */
  readonly dropped: number
  readonly made: number
  /** Vectors written. */
  readonly vectors: number
}

/**
 * Merges small segments and writes mostly dead ones anew, from stored vectors. Each merge is published by itself in one
 * step: cut off in between, the old segments are still in use, and what was merged before stays so.
 */
export async function compactSegments(tools: CompactTools, job: CompactJob): Promise<Compaction> {
  const {budget, threads, everything = false} = job
  const pieces = await inspectPieces(tools.store, job)
  return executeMerges(tools, job, planCompaction(pieces, {sizes: sizesOf(job), threads, budget, everything}))
}

/** Runs merges that were planned. What is left of them when the signal says stop is planned anew the next time. */
export async function executeMerges(
  tools: CompactTools,
  job: MergeJob,
  merges: readonly Merge[],
): Promise<Compaction> {
  const due = merges.reduce((sum, merge) => sum + merge.live, 0)
  const tally = {dropped: 0, made: 0, vectors: 0}
  for (const merge of merges) {
    if (job.signal?.aborted) break
    tally.made += await runMerge(tools, job, merge)
    tally.dropped += merge.drop.length
    tally.vectors += merge.live
    job.onProgress?.({phase: 'compact', done: tally.vectors, total: due, unit: 'vectors'})
  }
  return tally
}

/**
 * Whether a compaction that follows makes segments of the tail together with others, once it is longer by `more`: to make some of it alone
 * would be work for nothing.
 */
export async function tailIsMerged(
  store: VectorStore & SegmentLog,
  job: PieceScope & {readonly budget: number},
  more: number,
): Promise<boolean> {
  const pieces = await inspectPieces(store, job, more)
  const open = pieces.at(-1)
  if (!open?.isOpen) return false
  return planCompaction(pieces, {sizes: sizesOf(job), threads: job.threads, budget: job.budget}).some(
    ({to}) => to === open.to,
  )
}

export type PieceScope = Pick<CompactJob, 'version' | 'threads' | 'live' | 'everything' | 'sizes'>

const sizesOf = ({version, sizes}: Pick<CompactJob, 'version' | 'sizes'>): SegmentSizes =>
  sizes ?? segmentSizes(version.dimension)

/**
 * What `planCompaction` goes by: segments and the stretches between them, ascending, with what lives in each. Reads only. `more` vectors are
 * taken to follow at the end.
 */
export async function inspectPieces(
  store: VectorStore & SegmentLog,
  job: PieceScope,
  more = 0,
): Promise<readonly Piece[]> {
  const {version, live, everything} = job
  const segments = await store.listSegments(version.id)
  const span = async (from: number, to: number): Promise<number> =>
    (await store.vectorSpan(version.id, {from, to})).count
  const stretches: (SeqRange & {readonly live: number})[] = []
  for (const {from, to} of segments.length > 0 ? uncovered(segments) : [])
    stretches.push({from, to, live: await span(from, to)})
  const tail = stretches.reduce((sum, it) => sum + it.live, 0)
  const held = segments.reduce((sum, segment) => sum + segment.count, 0)
  const isClean = live !== undefined && held - (live - tail) <= WORTH_COUNTING * held
  const pieces: Piece[] = stretches.filter((it) => it.live > 0 && it.to < MAX_SEQ)
  for (const segment of segments) {
    const {firstSeq: from, lastSeq: to} = segment
    pieces.push({from, to, segment, live: isClean && !everything ? segment.count : await span(from, to)})
  }
  const end = stretches.find(({to}) => to === MAX_SEQ)
  if (end) pieces.push(...openEnd({...end, live: end.live + more}, segments.length, job))
  return pieces.sort((a, b) => a.from - b.from)
}

/** What lies behind all segments, when there is enough of it to make some. */
function openEnd(
  end: SeqRange & {readonly live: number},
  segments: number,
  {threads, everything, sizes}: PieceScope,
): readonly Piece[] {
  const isDue = !everything && end.live >= checkpointSize(segments, threads, sizes)
  return isDue ? [{...end, isOpen: true}] : []
}

/** Builds the files of a merge, as many at once as there are threads, then publishes all in one step. Says how many. */
async function runMerge(tools: CompactTools, job: MergeJob, merge: Merge): Promise<number> {
  const {store, files} = tools
  const {version, folder, lease} = job
  const sizes = sizesOf(job)
  const add: NewSegment[] = []
  // The plan may have gone by what the segments held when they were built.
  const {count} = await store.vectorSpan(version.id, merge)
  if (merge.parts > 0 && count >= sizes.min) {
    const log = {
      publishSegments: async (_: number, change: {add: readonly NewSegment[]}) =>
        void add.push(...change.add),
    }
    const size = partSize(count, merge.parts, sizes)
    const writer = new SegmentWriter(
      {log, files, builder: await tools.builder()},
      {version, folder, expected: count, size, sizes, lease},
    )
    try {
      await feedStored(store, {version, range: merge, writer})
      await writer.finish()
    } catch (error) {
      await writer.abort()
      throw error
    }
  }
  await store.publishSegments(version.id, {add, drop: merge.drop}, lease)
  return add.length
}
