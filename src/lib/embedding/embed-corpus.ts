import {embedPending, type EmbedOutcome} from './embed-pending.js'
import {pacedEmbedder} from './paced-embedder.js'
import {knowsTooLittle} from './refit-rule.js'
import {dropLostSegments, indexTail, measureTail} from '../indexing/index-tail.js'
import {checkpointSize} from '../indexing/segment-size.js'
import {SegmentWriter} from '../indexing/segment-writer.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import {isAbout, RagError} from '../model/errors.js'
import type {Choice} from './choice.js'
import {chooseVersion} from './choose-version.js'
import {compactAfterWrite, compactsTail} from '../indexing/compact-corpus.js'
import {versionFolder} from '../corpus/corpus-folders.js'
import type {EmbedCorpusJob} from './embed-corpus-job.js'
import type {Services} from '../ports/services.js'
import {goLive} from './promote-version.js'
import {isUsable} from './model-is-usable.js'
import {cacheUseOf, canEmbed, openCachedEmbedder} from './open-embedder.js'
import type {CallOptions} from '../model/operations/call.js'

export interface EmbedCorpusOutcome {
  readonly hits: number
  readonly misses: number
  /** Segments published. */
  readonly checkpoints: number
  readonly interrupted: boolean
  /** Why not all was embedded, when the model could not be reached or used: what was embedded before is kept, the rest is pending. */
  readonly failure?: RagError | undefined
  readonly notes: readonly string[]
}

export const NOTHING: EmbedCorpusOutcome = {hits: 0, misses: 0, checkpoints: 0, interrupted: false, notes: []}

/**
 * Brings vectors and index up to the text: chooses or learns the model, embeds what is pending, builds segments meanwhile,
 * and puts a newly learned model in the place of the old one when it is complete. Picks up where a killed run stopped. A model that
 * can't be reached is an outcome, not a failure: the text is safe, and the next call goes on.
 */
export async function embedCorpus(
  services: Services,
  job: EmbedCorpusJob,
  call: CallOptions,
): Promise<EmbedCorpusOutcome> {
  return asOutcome(call, async () =>
    embedChosen(services, job, await chooseVersion(services, job, call), call),
  )
}

/** An interruption and a model that can't be used are outcomes of the work. @throws whatever else it throws */
export async function asOutcome(
  call: CallOptions,
  work: () => Promise<EmbedCorpusOutcome>,
): Promise<EmbedCorpusOutcome> {
  try {
    return await work()
  } catch (error) {
    // Everything committed is safe and the rest still pending: an interruption is an outcome, not a failure.
    if (error instanceof RagError && error.code === 'INTERRUPTED' && call.signal?.aborted)
      return {...NOTHING, interrupted: true}
    if (isAbout(error, 'embedding')) return {...NOTHING, failure: error}
    throw error
  }
}

/** The part of `embedCorpus` that follows when it is known what to embed into. */
export async function embedChosen(
  services: Services,
  job: EmbedCorpusJob,
  {version, notes, isNew}: Choice,
  call: CallOptions,
): Promise<EmbedCorpusOutcome> {
  if (!version) return {...NOTHING, notes, interrupted: call.signal?.aborted === true}
  const kept = !isNew || job.renew ? await keepUp(services, job, version, call) : NOTHING
  const outcome = added(kept, await bringUp(services, job, version, call))
  const isDone = !outcome.interrupted && !outcome.failure
  if (version.state === 'building' && isDone) await goLive(services, job, version)
  if (isDone && !isNew && !job.noRefit && isOutdated(version, outcome)) {
    const again = await embedCorpus(services, {...job, refit: true}, call)
    return {
      ...again,
      checkpoints: outcome.checkpoints + again.checkpoints,
      misses: outcome.misses + again.misses,
    }
  }
  return {...outcome, notes: [...notes, ...outcome.notes]}
}

/** A learned model that knows too little of what is in the corpus by now. */
function isOutdated(
  {modelFile, state}: EmbeddingVersion,
  outcome: Parameters<typeof knowsTooLittle>[0],
): boolean {
  return modelFile !== undefined && state === 'live' && knowsTooLittle(outcome)
}

/**
 * While another version is being made, what is new gets its vector in the live one too: searches by it must not lag behind
 * the text for as long as that takes.
 */
export async function keepUp(
  services: Services,
  job: EmbedCorpusJob,
  version: EmbeddingVersion,
  call: CallOptions,
): Promise<EmbedCorpusOutcome> {
  const versions = version.state === 'building' ? await job.store.listEmbeddingVersions(job.corpus.id) : []
  const live = versions.find(({state}) => state === 'live')
  if (!live || !canEmbed(job.corpus, live)) return NOTHING
  if (live.modelFile && !(await isUsable(services, live))) return NOTHING
  const {failure, ...outcome} = await bringUp(services, job, live, call)
  // The old model may be gone, which is why there is to be a new one.
  return failure ? {...outcome, notes: [...outcome.notes, behind(failure)]} : outcome
}

const behind = (failure: RagError): string =>
  `Until the new vectors are complete, only keyword search finds what is new: ${failure.message}`

export function added<T extends EmbedCorpusOutcome>(before: EmbedCorpusOutcome, after: T): T {
  return {
    ...after,
    hits: before.hits + after.hits,
    misses: before.misses + after.misses,
    checkpoints: before.checkpoints + after.checkpoints,
    notes: [...before.notes, ...after.notes],
  }
}

/** Embeds what is pending in the version while segments are built of what is there already. */
export async function bringUp(
  services: Services,
  job: EmbedCorpusJob,
  version: EmbeddingVersion,
  call: CallOptions,
): Promise<EmbedCorpusOutcome & {readonly empty: number}> {
  const {store, corpus, lease} = job
  const lost = await dropLostSegments({log: store, files: services.indexFiles}, version, lease)
  const notes = lost.map((segment) => `Index segment ${segment.file} was lost or damaged; it was built anew.`)
  const pending = await store.countPending(corpus.id, version.id, {dummies: job.dummies === true})
  const tail = await measureTail(store, version)
  const expected = tail.count + pending
  const by = await whoIndexes(services, job, version, {expected, pending, isWhole: lost.length === 0})
  const writer = by === 'writer' ? await openWriter(services, job, {version, expected}, call) : undefined
  try {
    if (writer) await indexTail(store, tail, {version, writer, ...signalOf(call)})
    const embedded = pending > 0 ? await embedOrTell(services, job, {version, writer}, call) : NO_EMBEDDING
    await writer?.finish()
    const interrupted = call.signal?.aborted === true
    const {published, indexed} = writer ?? NOTHING_BUILT
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
 * Who makes segments of the tail: a writer, of what is stored and what is embedded meanwhile; the compaction that follows, together with
 * others; or nobody yet, as there is too little.
 */
async function whoIndexes(
  services: Services,
  {store, corpus}: EmbedCorpusJob,
  version: EmbeddingVersion,
  tail: {readonly expected: number; readonly pending: number; readonly isWhole: boolean},
): Promise<'writer' | 'compaction' | 'nobody'> {
  const segments = tail.isWhole ? (await store.listSegments(version.id)).length : 0
  if (tail.expected < checkpointSize(segments, services.threads)) return 'nobody'
  if (segments === 0) return 'writer'
  return (await compactsTail(services, {store, corpus, version}, tail.pending)) ? 'compaction' : 'writer'
}

const NOTHING_BUILT = {published: 0, indexed: 0}

async function openWriter(
  services: Services,
  {store, corpus, lease}: EmbedCorpusJob,
  {version, expected}: {readonly version: EmbeddingVersion; readonly expected: number},
  call: CallOptions,
): Promise<SegmentWriter> {
  return new SegmentWriter(
    {log: store, files: services.indexFiles, builder: await services.index.builder()},
    {version, folder: versionFolder(corpus, version), expected, lease, ...progressOf(call)},
  )
}

/** What keeps the model from being opened is told as what goes wrong later is. */
async function embedOrTell(
  services: Services,
  job: EmbedCorpusJob,
  into: {readonly version: EmbeddingVersion; readonly writer: SegmentWriter | undefined},
  call: CallOptions,
): Promise<EmbedOutcome> {
  try {
    return await embedWith(services, job, into, call)
  } catch (error) {
    if (!isAbout(error, 'embedding')) throw error
    return {...NO_EMBEDDING, failure: error}
  }
}

const NO_EMBEDDING: EmbedOutcome = {hits: 0, misses: 0, empty: 0, interrupted: false}

async function embedWith(
  services: Services,
  {store, corpus, lease, batchSize, sleepMs, noCache = false, dummies = false}: EmbedCorpusJob,
  {version, writer}: {readonly version: EmbeddingVersion; readonly writer: SegmentWriter | undefined},
  call: CallOptions,
): Promise<EmbedOutcome> {
  if (!canEmbed(corpus, version)) return NO_EMBEDDING
  const embedder = await openCachedEmbedder(services, corpus, version, {
    kind: 'passage',
    noCache,
    ...signalOf(call),
    ...(call.onProgress ? {onProgress: call.onProgress} : {}),
  })
  const pace = {clock: services.clock, sleepMs, onEmbed: call.onEmbed}
  try {
    const outcome = await embedPending(
      {store, embedder: pacedEmbedder(embedder, pace), clock: services.clock},
      {
        corpusId: corpus.id,
        version,
        lease,
        dummies,
        onStored: async (block) => writer?.add(block),
        ...(batchSize === undefined ? {} : {batchSize}),
        ...call,
      },
    )
    const {hits} = cacheUseOf(embedder)
    return {...outcome, hits: outcome.hits + hits, misses: outcome.misses - hits}
  } finally {
    await embedder.close()
  }
}

function progressOf(call: CallOptions): Pick<CallOptions, 'onProgress'> {
  return call.onProgress ? {onProgress: call.onProgress} : {}
}

function signalOf(call: CallOptions): Pick<CallOptions, 'signal'> {
  return call.signal ? {signal: call.signal} : {}
}
