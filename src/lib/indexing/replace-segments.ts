import type {EmbeddingVersion} from '../model/embedding.js'
import type {NewSegment, Segment} from '../model/segment.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import type {Lease} from '../ports/store/lease.js'
import type {SegmentLog, VectorStore} from '../ports/store/store.js'
import type {SegmentBuilder} from '../ports/vector-index.js'
import {MIN_SEGMENT} from './segment-size.js'

export interface ReplaceTools {
  readonly store: VectorStore & SegmentLog
  readonly files: ArtifactFiles
  readonly builder: SegmentBuilder
}

const BLOCK = 4096

/**
 * Builds each of the segments anew from the live vectors of its range and puts all of them in the place of the old in one
 * step. What is left of a segment goes back to the tail when it is too little.
 */
export async function replaceSegments(
  tools: ReplaceTools,
  job: {
    readonly version: EmbeddingVersion
    readonly folder: string
    readonly replace: readonly Segment[]
    readonly lease: Lease
  },
): Promise<void> {
  const add: NewSegment[] = []
  for (const segment of job.replace) {
    const range = {from: segment.firstSeq, to: segment.lastSeq}
    const {count} = await tools.store.vectorSpan(job.version.id, range)
    if (count >= MIN_SEGMENT) add.push(await rebuild(tools, {...job, segment, count}))
  }
  const drop = job.replace.map((segment) => segment.id)
  await tools.store.publishSegments(job.version.id, {add, drop}, job.lease)
}

async function rebuild(
  {store, files, builder}: ReplaceTools,
  {
    version,
    folder,
    segment,
    count,
  }: {
    readonly version: EmbeddingVersion
    readonly folder: string
    readonly segment: Segment
    readonly count: number
  },
): Promise<NewSegment> {
  const {firstSeq, lastSeq} = segment
  const name = `${folder}/seg-${firstSeq}-${lastSeq}.hnsw`
  const staged = await files.stage(name)
  try {
    const build = await builder.start({path: staged, dimension: version.dimension, capacity: count})
    for await (const block of store.readVectors(version.id, {from: firstSeq, to: lastSeq}, BLOCK))
      await build.add(block)
    const built = await build.finish()
    const sealed = await files.seal(staged, name)
    return {
      ...sealed,
      versionId: version.id,
      firstSeq,
      lastSeq,
      dimension: version.dimension,
      count: built.count,
    }
  } finally {
    await files.discard(staged)
  }
}
