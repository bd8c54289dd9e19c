import type {EmbeddingVersion} from '../model/embedding.js'
import type {NewSegment, Segment} from '../model/segment.js'
import {uncovered, type SeqRange} from '../model/seq-ranges.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import type {Lease} from '../ports/store/lease.js'
import type {SegmentLog, VectorStore} from '../ports/store/store.js'
import type {ProgressSink} from '../ports/surroundings.js'
import type {SegmentBuilder} from '../ports/vector-index.js'
import {MAX_SEQ} from '../model/vector.js'
import {feedStored} from './feed-stored.js'
import {segmentSize, segmentSizes, type SegmentSizes} from './segment-size.js'
import {SegmentWriter} from './segment-writer.js'

/** A draft of which less than this lives by now is not worth switching to. */
const LIVE_SHARE = 0.7

export interface RebuildTools {
  readonly store: VectorStore & SegmentLog
  readonly files: ArtifactFiles
  readonly builder: () => Promise<SegmentBuilder>
}

export interface RebuildJob {
  readonly version: EmbeddingVersion
  readonly folder: string
  readonly lease: Lease
  readonly threads: number
  readonly sizes?: SegmentSizes | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
}

export interface RebuiltSegments {
  /** Segments that an earlier, cut-off run had finished. */
  readonly resumed: number
  readonly made: number
  /** Nothing was switched; what is finished is kept for the next run. */
  readonly interrupted: boolean
}

/**
 * Builds all segments of a version anew from its stored vectors, beside those in use, and puts them in their place in one
 * step. What a killed run has finished is taken up, after its bytes were checked. Embeds nothing.
 */
export async function rebuildSegments(tools: RebuildTools, job: RebuildJob): Promise<RebuiltSegments> {
  const {store} = tools
  const {version, lease} = job
  const drafts = await soundDrafts(tools, job)
  const made = await buildMissing(tools, job, drafts)
  if (job.signal?.aborted) return {resumed: drafts.length, made, interrupted: true}
  await store.publishDrafts(version.id, lease)
  return {resumed: drafts.length, made, interrupted: false}
}

/** The drafts that can be used; the others are dropped. */
async function soundDrafts(
  {store, files}: RebuildTools,
  {version, lease}: RebuildJob,
): Promise<readonly Segment[]> {
  const sound: Segment[] = []
  const drop: number[] = []
  for (const draft of await store.listDrafts(version.id)) {
    const {count} = await store.vectorSpan(version.id, {from: draft.firstSeq, to: draft.lastSeq})
    const isWorthIt = count <= draft.count && count >= LIVE_SHARE * draft.count
    if (isWorthIt && (await files.check(draft)).ok) sound.push(draft)
    else drop.push(draft.id)
  }
  if (drop.length > 0) await store.saveDrafts(version.id, {add: [], drop}, lease)
  return sound
}

async function buildMissing(
  tools: RebuildTools,
  job: RebuildJob,
  drafts: readonly Segment[],
): Promise<number> {
  const {store} = tools
  const {version, threads, sizes = segmentSizes(job.version.dimension)} = job
  const {count: expected} = await store.vectorSpan(version.id, {from: 1, to: MAX_SEQ})
  let done = drafts.reduce((sum, draft) => sum + draft.count, 0)
  let made = 0
  const onMade = (segments: readonly NewSegment[]): void => {
    made += segments.length
    done += segments.reduce((sum, segment) => sum + segment.count, 0)
    job.onProgress?.({phase: 'index', done, total: Math.max(expected, done), unit: 'vectors'})
  }
  // The same cuts as those of the run that was cut off.
  const size = segmentSize(expected, threads, sizes)
  for (const range of uncovered(drafts)) {
    if (job.signal?.aborted) break
    const {count} = await store.vectorSpan(version.id, range)
    if (count >= sizes.min) await buildRange(tools, job, {range, count, size, onMade})
  }
  return made
}

/** Builds drafts of a stretch that no draft covers. What is too little for one at its end stays in the tail. */
async function buildRange(
  {store, files, builder}: RebuildTools,
  {version, folder, lease, sizes, signal}: RebuildJob,
  {range, count, size, onMade}: RangeToBuild,
): Promise<void> {
  const log: Pick<SegmentLog, 'publishSegments'> = {
    publishSegments: async (versionId, {add}, held) => {
      await store.saveDrafts(versionId, {add, drop: []}, held)
      onMade(add)
    },
  }
  const writer = new SegmentWriter(
    {log, files, builder: await builder()},
    {version, folder, expected: count, size, lease, ...(sizes ? {sizes} : {})},
  )
  try {
    await feedStored(store, {version, range, writer, signal})
    if (signal?.aborted) return await writer.abort()
    await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
}

interface RangeToBuild {
  readonly range: SeqRange
  readonly count: number
  /** Vectors a segment. */
  readonly size: number
  readonly onMade: (segments: readonly NewSegment[]) => void
}
