import {versionFolder} from '../corpus/corpus-folders.js'
import type {HeldCorpus} from '../corpus/held-corpus.js'
import {compactAfterWrite, compactsTail} from '../indexing/compact-corpus.js'
import {dropLostSegments, indexTail, measureTail} from '../indexing/index-tail.js'
import {checkpointSize} from '../indexing/segment-size.js'
import {SegmentWriter} from '../indexing/segment-writer.js'
import {liveVersion, type EmbeddingVersion} from '../model/embedding.js'
import {isAbout, type RagError} from '../model/errors.js'
import type {Services} from '../ports/services.js'
import {embedPending, type EmbedJob, type EmbedOutcome} from './embed-pending.js'
import {NOTHING_EMBEDDED, type EmbeddingOutcome} from './embedding-outcome.js'
import type {MakingCall} from './embedding-request.js'
import {isUsable} from './model-is-usable.js'
import {cacheUseOf, canEmbed, openCachedEmbedder} from './open-embedder.js'
import {pacedEmbedder} from './paced-embedder.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'cache'
  | 'clock'
  | 'digest'
  | 'index'
  | 'indexFiles'
  | 'logger'
  | 'modelFiles'
  | 'models'
  | 'store'
  | 'threads'
>

/** Embeds what is pending in the version, while segments are built of what is stored already and of what is embedded. */
export async function catchUp(
  services: Needs,
  {corpus, lease}: HeldCorpus,
  version: EmbeddingVersion,
  making: MakingCall,
): Promise<EmbeddingOutcome & {readonly empty: number}> {
  const {dummies, signal, onProgress} = making
  const folder = versionFolder(corpus, version)
  const store = await services.store.write('write')
  const lost = await dropLostSegments({log: store, files: services.indexFiles}, version, lease)
  const notes = lost.map((segment) => `Index segment ${segment.file} was lost or damaged; it was built anew.`)
  const pending = await store.countPending(version.corpusId, version.id, {dummies: dummies === true})
  const tail = await measureTail(store, version)
  const expected = tail.count + pending
  const by = await whoIndexes(services, version, {expected, pending, isWhole: lost.length === 0})
  const writer =
    by === 'writer'
      ? new SegmentWriter(
          {log: store, files: services.indexFiles, builder: await services.index.builder()},
          {version, folder, expected, lease, onProgress},
        )
      : undefined
  try {
    if (writer) await indexTail(store, tail, {version, writer, signal})
    const embedded =
      pending > 0 && canEmbed(corpus, version)
        ? await embedByModel(services, {corpus, lease}, version, {
            ...making,
            onStored: async (block) => writer?.add(block),
          }).catch(failureOfModel)
        : NO_VECTORS
    await writer?.finish()
    const interrupted = signal?.aborted === true
    const {published, indexed} = writer ?? {published: 0, indexed: 0}
    const tailWaits = by === 'compaction'
    const made = interrupted
      ? 0
      : await compactAfterWrite(
          services,
          {version, folder, lease},
          {corpus: corpus.name, indexed, tailWaits},
          {signal, onProgress},
        )
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
  held: HeldCorpus,
  version: EmbeddingVersion,
  making: MakingCall,
): Promise<EmbeddingOutcome> {
  const {corpus} = held
  if (version.state !== 'building') return NOTHING_EMBEDDED
  const store = await services.store.read()
  const live = liveVersion(await store.listEmbeddingVersions(corpus.id))
  if (!live || !canEmbed(corpus, live)) return NOTHING_EMBEDDED
  if (live.modelFile && !(await isUsable(services, live))) return NOTHING_EMBEDDED
  const {failure, ...outcome} = await catchUp(services, held, live, making)
  return failure ? {...outcome, notes: [...outcome.notes, lagsBehind(failure)]} : outcome
}

const lagsBehind = (failure: RagError): string =>
  `Until the new vectors are complete, only keyword search finds what is new: ${failure.message}`

/**
 * Who makes segments of the tail: a writer, of what is stored and what is embedded meanwhile; the compaction that follows, together with
 * others; or nobody yet, as there is too little.
 */
async function whoIndexes(
  services: Pick<Services, 'store' | 'threads'>,
  version: EmbeddingVersion,
  tail: {readonly expected: number; readonly pending: number; readonly isWhole: boolean},
): Promise<'writer' | 'compaction' | 'nobody'> {
  const store = await services.store.read()
  const segments = tail.isWhole ? (await store.listSegments(version.id)).length : 0
  if (tail.expected < checkpointSize(segments, services.threads)) return 'nobody'
  if (segments === 0) return 'writer'
  return (await compactsTail(services, version, tail.pending)) ? 'compaction' : 'writer'
}

const NO_VECTORS: EmbedOutcome = {hits: 0, misses: 0, empty: 0, interrupted: false}

/** What keeps the model from being opened is an outcome, as is what goes wrong with it later. */
function failureOfModel(error: unknown): EmbedOutcome {
  if (!isAbout(error, 'embedding')) throw error
  return {...NO_VECTORS, failure: error}
}

async function embedByModel(
  services: Needs,
  {corpus, lease}: HeldCorpus,
  version: EmbeddingVersion,
  {noCache, sleepMs, onEmbed, ...job}: MakingCall & Pick<EmbedJob, 'onStored'>,
): Promise<EmbedOutcome> {
  const {clock} = services
  const {signal, onProgress} = job
  const store = await services.store.write('write')
  const opened = {kind: 'passage', noCache, signal, onProgress} as const
  const embedder = await openCachedEmbedder(services, corpus, version, opened)
  try {
    const outcome = await embedPending(
      {store, embedder: pacedEmbedder(embedder, {clock, sleepMs, onEmbed}), clock},
      {...job, version, lease},
    )
    const {hits} = cacheUseOf(embedder)
    return {...outcome, hits: outcome.hits + hits, misses: outcome.misses - hits}
  } finally {
    await embedder.close()
  }
}
