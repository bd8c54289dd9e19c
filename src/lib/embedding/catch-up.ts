import {versionFolder} from '../corpus/corpus-folders.js'
import {compactAfterWrite, compactsTail} from '../indexing/compact-corpus.js'
import {dropLostSegments, indexTail, measureTail} from '../indexing/index-tail.js'
import {checkpointSize} from '../indexing/segment-size.js'
import {SegmentWriter} from '../indexing/segment-writer.js'
import {liveVersion, type EmbeddingVersion} from '../model/embedding.js'
import {isAbout, type RagError} from '../model/errors.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Services} from '../ports/services.js'
import {embedPending, type EmbedOutcome} from './embed-pending.js'
import {NOTHING_EMBEDDED, type EmbeddingJob, type EmbeddingOutcome} from './embedding-job.js'
import {isUsable} from './model-is-usable.js'
import {cacheUseOf, canEmbed, openCachedEmbedder} from './open-embedder.js'
import {pacedEmbedder} from './paced-embedder.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  'cache' | 'clock' | 'digest' | 'index' | 'indexFiles' | 'logger' | 'modelFiles' | 'models' | 'threads'
>

/** Embeds what is pending in the version, while segments are built of what is stored already and of what is embedded. */
export async function catchUp(
  services: Needs,
  job: EmbeddingJob,
  version: EmbeddingVersion,
  call: CallOptions,
): Promise<EmbeddingOutcome & {readonly empty: number}> {
  const {store, corpus, lease} = job
  const lost = await dropLostSegments({log: store, files: services.indexFiles}, version, lease)
  const notes = lost.map((segment) => `Index segment ${segment.file} was lost or damaged; it was built anew.`)
  const pending = await store.countPending(corpus.id, version.id, {dummies: job.dummies === true})
  const tail = await measureTail(store, version)
  const expected = tail.count + pending
  const by = await whoIndexes(services, job, version, {expected, pending, isWhole: lost.length === 0})
  const writer = by === 'writer' ? await openWriter(services, job, {version, expected}, call) : undefined
  try {
    if (writer) await indexTail(store, tail, {version, writer, signal: call.signal})
    const embedded = pending > 0 ? await embedIfPossible(services, job, {version, writer}, call) : NO_VECTORS
    await writer?.finish()
    const interrupted = call.signal?.aborted === true
    const {published, indexed} = writer ?? {published: 0, indexed: 0}
    const tailWaits = by === 'compaction'
    const made = interrupted
      ? 0
      : await compactAfterWrite(services, {store, corpus, lease, version, indexed, tailWaits}, call)
    return {...embedded, interrupted, checkpoints: published + (tailWaits ? made : 0), notes}
  } catch (error) {
    await writer?.abort()
    throw error
  }
}

/**
 * `catchUp` of the live version while another one is being made: searches must not lag behind the text for as long as that takes. A live
 * model that can't be used any more, which may be why there is to be a new one, is no failure.
 */
export async function catchUpLive(
  services: Needs,
  job: EmbeddingJob,
  version: EmbeddingVersion,
  call: CallOptions,
): Promise<EmbeddingOutcome> {
  if (version.state !== 'building') return NOTHING_EMBEDDED
  const live = liveVersion(await job.store.listEmbeddingVersions(job.corpus.id))
  if (!live || !canEmbed(job.corpus, live)) return NOTHING_EMBEDDED
  if (live.modelFile && !(await isUsable(services, live))) return NOTHING_EMBEDDED
  const {failure, ...outcome} = await catchUp(services, job, live, call)
  return failure ? {...outcome, notes: [...outcome.notes, lagsBehind(failure)]} : outcome
}

const lagsBehind = (failure: RagError): string =>
  `Until the new vectors are complete, only keyword search finds what is new: ${failure.message}`

/**
 * Who makes segments of the tail: a writer, of what is stored and what is embedded meanwhile; the compaction that follows, together with
 * others; or nobody yet, as there is too little.
 */
async function whoIndexes(
  services: Pick<Services, 'threads'>,
  {store, corpus}: EmbeddingJob,
  version: EmbeddingVersion,
  tail: {readonly expected: number; readonly pending: number; readonly isWhole: boolean},
): Promise<'writer' | 'compaction' | 'nobody'> {
  const segments = tail.isWhole ? (await store.listSegments(version.id)).length : 0
  if (tail.expected < checkpointSize(segments, services.threads)) return 'nobody'
  if (segments === 0) return 'writer'
  return (await compactsTail(services, {store, corpus, version}, tail.pending)) ? 'compaction' : 'writer'
}

async function openWriter(
  services: Pick<Services, 'index' | 'indexFiles'>,
  {store, corpus, lease}: EmbeddingJob,
  {version, expected}: {readonly version: EmbeddingVersion; readonly expected: number},
  {onProgress}: CallOptions,
): Promise<SegmentWriter> {
  return new SegmentWriter(
    {log: store, files: services.indexFiles, builder: await services.index.builder()},
    {version, folder: versionFolder(corpus, version), expected, lease, onProgress},
  )
}

interface Into {
  readonly version: EmbeddingVersion
  readonly writer: SegmentWriter | undefined
}

const NO_VECTORS: EmbedOutcome = {hits: 0, misses: 0, empty: 0, interrupted: false}

/** What keeps the model from being opened is an outcome, as is what goes wrong with it later. */
async function embedIfPossible(
  services: Needs,
  job: EmbeddingJob,
  into: Into,
  call: CallOptions,
): Promise<EmbedOutcome> {
  if (!canEmbed(job.corpus, into.version)) return NO_VECTORS
  try {
    return await embedWithModel(services, job, into, call)
  } catch (error) {
    if (!isAbout(error, 'embedding')) throw error
    return {...NO_VECTORS, failure: error}
  }
}

async function embedWithModel(
  services: Needs,
  {store, corpus, lease, batchSize, sleepMs, noCache, dummies}: EmbeddingJob,
  {version, writer}: Into,
  {signal, onProgress, onEmbed}: CallOptions,
): Promise<EmbedOutcome> {
  const {clock} = services
  const opened = {kind: 'passage', noCache, signal, onProgress} as const
  const embedder = await openCachedEmbedder(services, corpus, version, opened)
  try {
    const outcome = await embedPending(
      {store, embedder: pacedEmbedder(embedder, {clock, sleepMs, onEmbed}), clock},
      {
        corpusId: corpus.id,
        version,
        lease,
        dummies,
        batchSize,
        signal,
        onProgress,
        onStored: async (block) => writer?.add(block),
      },
    )
    const {hits} = cacheUseOf(embedder)
    return {...outcome, hits: outcome.hits + hits, misses: outcome.misses - hits}
  } finally {
    await embedder.close()
  }
}
