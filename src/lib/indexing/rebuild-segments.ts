import type {EmbeddingVersion} from '../model/embedding.js'
import type {NewSegment} from '../model/segment.js'
import {uncovered} from '../model/seq-ranges.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import type {Lease} from '../ports/store/lease.js'
import type {SegmentLog, VectorStore} from '../ports/store/store.js'
import type {ProgressSink} from '../ports/surroundings.js'
import type {SegmentBuilder} from '../ports/vector-index.js'
import {feedStored} from './feed-stored.js'
import {
  isWorthResuming,
  type SegmentRebuildFacts,
  type SegmentRebuildPlan,
  type StagedSegment,
  type Stretch,
} from './plan-segment-rebuild.js'
import {segmentSizes, type SegmentSizes} from './segment-size.js'
import {SegmentWriter} from './segment-writer.js'

export interface RebuildTools {
  readonly store: VectorStore & SegmentLog
  readonly files: ArtifactFiles
  readonly builder: () => Promise<SegmentBuilder>
}

export interface RebuildJob {
  readonly version: EmbeddingVersion
  readonly folder: string
  readonly lease: Lease
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

/** What `planSegmentRebuild` goes by. Reads only: of staged segments that are worth resuming, every byte. */
export async function inspectForRebuild(
  {store, files}: Pick<RebuildTools, 'store' | 'files'>,
  {version, threads, sizes}: Pick<RebuildJob, 'version' | 'sizes'> & {readonly threads: number},
): Promise<SegmentRebuildFacts> {
  const segments = await store.listStaged(version.id)
  const staged: StagedSegment[] = []
  for (const segment of segments) {
    const {id, firstSeq, lastSeq, count} = segment
    const {count: live} = await store.vectorSpan(version.id, {from: firstSeq, to: lastSeq})
    const isWhole = isWorthResuming({live, count}) && (await files.check(segment)).ok
    staged.push({id, firstSeq, lastSeq, count, live, isWhole})
  }
  const gaps: Stretch[] = []
  for (const range of uncovered(segments))
    gaps.push({...range, count: (await store.vectorSpan(version.id, range)).count})
  return {sizes: sizes ?? segmentSizes(version.dimension), threads, staged, gaps}
}

/**
 * Builds all segments of a version anew from its stored vectors, beside those in use, and puts them in their place in one
 * step. Embeds nothing.
 */
export async function rebuildSegments(
  tools: RebuildTools,
  job: RebuildJob,
  plan: SegmentRebuildPlan,
): Promise<RebuiltSegments> {
  const {store} = tools
  const {version, lease, signal} = job
  const resumed = plan.resumed.segments
  if (plan.drop.length > 0) await store.stageSegments(version.id, {add: [], drop: plan.drop}, lease)
  const made = await buildStretches(tools, job, plan)
  if (signal?.aborted) return {resumed, made, interrupted: true}
  await store.publishStaged(version.id, lease)
  return {resumed, made, interrupted: false}
}

async function buildStretches(
  tools: RebuildTools,
  job: RebuildJob,
  {builds, size, resumed, vectors}: SegmentRebuildPlan,
): Promise<number> {
  let done = resumed.vectors
  let made = 0
  const onMade = (segments: readonly NewSegment[]): void => {
    made += segments.length
    done += segments.reduce((sum, segment) => sum + segment.count, 0)
    job.onProgress?.({phase: 'index', done, total: Math.max(vectors, done), unit: 'vectors'})
  }
  for (const stretch of builds) {
    if (job.signal?.aborted) break
    await stageStretch(tools, job, {stretch, size, onMade})
  }
  return made
}

/** Stages segments of a stretch. What is too little for one at its end stays in the tail. */
async function stageStretch(
  {store, files, builder}: RebuildTools,
  {version, folder, lease, sizes, signal}: RebuildJob,
  {
    stretch,
    size,
    onMade,
  }: {
    readonly stretch: Stretch
    readonly size: number
    readonly onMade: (segments: readonly NewSegment[]) => void
  },
): Promise<void> {
  const log: Pick<SegmentLog, 'publishSegments'> = {
    publishSegments: async (versionId, {add}, held) => {
      await store.stageSegments(versionId, {add, drop: []}, held)
      onMade(add)
    },
  }
  const writer = new SegmentWriter(
    {log, files, builder: await builder()},
    {version, folder, expected: stretch.count, size, lease, sizes},
  )
  try {
    await feedStored(store, {version, range: stretch, writer, signal})
    if (signal?.aborted) return await writer.abort()
    await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
}
