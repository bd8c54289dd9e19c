import {indexTail, measureTail} from './index-tail.js'
import {MIN_SEGMENT} from './segment-size.js'
import {SegmentWriter} from './segment-writer.js'
import type {Corpus} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import type {Segment} from '../model/segment.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {versionFolder} from '../corpus/corpus-folders.js'
import type {Services} from '../ports/services.js'
import type {CallOptions} from '../model/operations/call.js'

/**
 * Drops segments and builds what they covered anew from the stored vectors, on all threads; embeds nothing. Their vectors are
 * searched exactly meanwhile, also when this is killed in between: then the next write builds them. Returns segments built.
 */
export async function reindexSegments(
  services: Pick<Services, 'index' | 'indexFiles'>,
  job: {
    readonly store: Store
    readonly corpus: Corpus
    readonly version: EmbeddingVersion
    readonly segments: readonly Segment[]
    readonly lease: Lease
  },
  {signal, onProgress}: CallOptions,
): Promise<number> {
  const {store, corpus, version, lease} = job
  await store.publishSegments(version.id, {add: [], drop: job.segments.map(({id}) => id)}, lease)
  const tail = await measureTail(store, version)
  if (tail.count < MIN_SEGMENT) return 0
  const folder = versionFolder(corpus, version)
  const writer = new SegmentWriter(
    {log: store, files: services.indexFiles, builder: await services.index.builder()},
    {version, folder, expected: tail.count, lease, onProgress},
  )
  try {
    await indexTail(store, tail, {version, writer, signal})
    await writer.finish()
    return writer.published
  } catch (error) {
    await writer.abort()
    throw error
  }
}
