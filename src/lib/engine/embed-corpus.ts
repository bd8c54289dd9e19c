import {embedPending, type EmbedOutcome} from '../embedding/embed-pending.js'
import {fitModel} from '../embedding/fit-model.js'
import {hasOutgrown, knowsTooLittle} from '../embedding/refit-rule.js'
import {dropLostSegments, indexTail, measureTail} from '../indexing/index-tail.js'
import {checkpointSize} from '../indexing/segment-size.js'
import {SegmentWriter} from '../indexing/segment-writer.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import {RagError} from '../model/errors.js'
import type {Lease} from '../ports/lease.js'
import type {Store} from '../ports/store.js'
import {compactAfterWrite} from './compact-corpus.js'
import {corpusFolder, sweepCorpusFiles, versionFolder} from './corpus-folders.js'
import type {Environment} from './environment.js'
import {goLive} from './go-live.js'
import {isUsable} from './model-is-usable.js'
import type {CallOptions} from './rag-options.js'

export interface EmbedCorpusJob {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  readonly batchSize?: number
  /** Don't learn the model anew, however much the corpus has grown. */
  readonly noRefit?: boolean
  /** Learn the model anew in any case. */
  readonly refit?: boolean
  /** Make a new embedding version beside the live one, or finish the one that a cut-off run was making. */
  readonly renew?: {
    /** Keep the one that is live now. */
    readonly keepOld: boolean
    /** The corpus's from the moment the new version is live. */
    readonly settings?: CorpusSettings
  }
  /** Also put vectors in the place of placeholders. */
  readonly dummies?: boolean
}

export interface EmbedCorpusOutcome {
  readonly hits: number
  readonly misses: number
  /** Segments published. */
  readonly checkpoints: number
  readonly interrupted: boolean
  readonly notes: readonly string[]
}

const NOTHING: EmbedCorpusOutcome = {hits: 0, misses: 0, checkpoints: 0, interrupted: false, notes: []}

/**
 * Brings vectors and index up to the text: chooses or learns the model, embeds what is pending, builds segments meanwhile,
 * and puts a newly learned model in the place of the old one when it is complete. Picks up where a killed run stopped.
 */
export async function embedCorpus(
  env: Environment,
  job: EmbedCorpusJob,
  call: CallOptions,
): Promise<EmbedCorpusOutcome> {
  try {
    return await chooseAndBringUp(env, job, call)
  } catch (error) {
    // Everything committed is safe and the rest still pending: an interruption is an outcome, not a failure.
    if (error instanceof RagError && error.code === 'INTERRUPTED' && call.signal?.aborted)
      return {...NOTHING, interrupted: true}
    throw error
  }
}

async function chooseAndBringUp(
  env: Environment,
  job: EmbedCorpusJob,
  call: CallOptions,
): Promise<EmbedCorpusOutcome> {
  const {version, notes, isNew} = await chooseVersion(env, job, call)
  if (!version) return {...NOTHING, notes, interrupted: call.signal?.aborted === true}
  const kept = !isNew || job.renew ? await keepUp(env, job, version, call) : NOTHING
  const outcome = added(kept, await bringUp(env, job, version, call))
  if (version.state === 'building' && !outcome.interrupted) await goLive(env, job, version)
  if (knowsTooLittle(outcome) && !isNew && !job.noRefit && version.state === 'live' && !outcome.interrupted) {
    const again = await embedCorpus(env, {...job, refit: true}, call)
    return {
      ...again,
      checkpoints: outcome.checkpoints + again.checkpoints,
      misses: outcome.misses + again.misses,
    }
  }
  return {...outcome, notes: [...notes, ...outcome.notes]}
}

/**
 * While another version is being made, what is new gets its vector in the live one too: searches by it must not lag behind
 * the text for as long as that takes.
 */
async function keepUp(
  env: Environment,
  job: EmbedCorpusJob,
  version: EmbeddingVersion,
  call: CallOptions,
): Promise<EmbedCorpusOutcome> {
  const versions = version.state === 'building' ? await job.store.listEmbeddingVersions(job.corpus.id) : []
  const live = versions.find(({state}) => state === 'live')
  if (!live?.modelFile || !(await isUsable(env, live))) return NOTHING
  return bringUp(env, job, live, call)
}

function added<T extends EmbedCorpusOutcome>(before: EmbedCorpusOutcome, after: T): T {
  return {
    ...after,
    hits: before.hits + after.hits,
    misses: before.misses + after.misses,
    checkpoints: before.checkpoints + after.checkpoints,
    notes: [...before.notes, ...after.notes],
  }
}

interface Choice {
  readonly version?: EmbeddingVersion
  /** Learned just now: learning it again would bring nothing. */
  readonly isNew?: true
  readonly notes: readonly string[]
}

/** The version to embed into: an unfinished one, the live one, or one newly learned. */
async function chooseVersion(env: Environment, job: EmbedCorpusJob, call: CallOptions): Promise<Choice> {
  const {store, corpus} = job
  const versions = await store.listEmbeddingVersions(corpus.id)
  const live = versions.find((version) => version.state === 'live')
  const keep: Choice = {notes: [], ...(live ? {version: live} : {})}
  if (corpus.settings.model !== 'lsa') return keep
  const {chunks} = await store.countCorpus(corpus.id)
  const unfinished = await resumable(env, job, {versions, chunks})
  if (unfinished) return {version: unfinished, notes: []}
  const wanted = live === undefined || wantsRefit(job, live, chunks)
  if (chunks === 0) return live && wanted ? forget(env, job, live) : keep
  const damaged = await isDamaged(env, live)
  if (!wanted && !damaged) return keep
  const notes = damaged ? [damagedModel(corpus)] : []
  const choice = await learnOrForget(env, job, {live, chunks}, call)
  return {...choice, notes: [...notes, ...choice.notes]}
}

async function isDamaged(env: Environment, live: EmbeddingVersion | undefined): Promise<boolean> {
  return live?.modelFile !== undefined && !(await isUsable(env, live))
}

async function learnOrForget(
  env: Environment,
  job: EmbedCorpusJob,
  {live, chunks}: {readonly live: EmbeddingVersion | undefined; readonly chunks: number},
  call: CallOptions,
): Promise<Choice> {
  const fitted = await learn(env, job, {chunks, first: live === undefined}, call)
  if (fitted) return {version: fitted, notes: [], isNew: true}
  if (live) await forget(env, job, live)
  return {notes: [tooLittle(job.corpus)]}
}

function wantsRefit(
  {refit, renew, noRefit}: EmbedCorpusJob,
  live: EmbeddingVersion,
  chunks: number,
): boolean {
  return (
    refit === true ||
    renew !== undefined ||
    live.fittedChunks === 0 ||
    (!noRefit && hasOutgrown(live, chunks))
  )
}

/** Drops a model from which there is nothing to be learned any more: it may hold words of what was removed for good. */
async function forget(
  env: Environment,
  {store, corpus, lease, renew}: EmbedCorpusJob,
  live: EmbeddingVersion,
): Promise<Choice> {
  if (renew) return {version: live, notes: []}
  await store.dropEmbeddingVersion(live.id, lease, {evenLive: true})
  await sweepCorpusFiles(env, store, corpus)
  return {notes: []}
}

/** The version that an earlier run was building, when it is still worth finishing; otherwise it is dropped. */
async function resumable(
  env: Environment,
  {store, lease, refit}: EmbedCorpusJob,
  {versions, chunks}: {readonly versions: readonly EmbeddingVersion[]; readonly chunks: number},
): Promise<EmbeddingVersion | undefined> {
  const unfinished = versions.find((version) => version.state === 'building')
  if (!unfinished) return undefined
  const worthIt = !refit && !hasOutgrown(unfinished, chunks) && (await isUsable(env, unfinished))
  if (worthIt) return unfinished
  await store.dropEmbeddingVersion(unfinished.id, lease)
  return undefined
}

const tooLittle = (corpus: Corpus): string =>
  `There is too little text in "${corpus.name}" to learn a model from; it is searched by keyword.`

const damagedModel = (corpus: Corpus): string =>
  `The model file of "${corpus.name}" was damaged, or made by another version of rag; it was learned anew.`

async function learn(
  env: Environment,
  {store, corpus, lease, renew}: EmbedCorpusJob,
  {chunks, first}: {readonly chunks: number; readonly first: boolean},
  call: CallOptions,
): Promise<EmbeddingVersion | undefined> {
  const version = await fitModel(
    {store, files: env.modelFiles, model: await env.lsa()},
    {
      corpusId: corpus.id,
      folder: corpusFolder(corpus),
      liveChunks: chunks,
      dimension: corpus.settings.dimension,
      lease,
      keepsOld: renew?.keepOld === true,
      ...call,
    },
  )
  if (!version || !first) return version
  // With no older version to search by, a part of the vectors is better than none.
  await store.setLiveVersion(version.id, lease, {allowPending: true})
  return {...version, state: 'live'}
}

/** Embeds what is pending in the version while segments are built of what is there already. */
export async function bringUp(
  env: Environment,
  job: EmbedCorpusJob,
  version: EmbeddingVersion,
  call: CallOptions,
): Promise<EmbedCorpusOutcome & {readonly empty: number}> {
  const {store, corpus, lease} = job
  const lost = await dropLostSegments({log: store, files: env.indexFiles}, version, lease)
  const notes = lost.map((segment) => `Index segment ${segment.file} was lost or damaged; it was built anew.`)
  const pending = await store.countPending(corpus.id, version.id, {dummies: job.dummies === true})
  const tail = await measureTail(store, version)
  const expected = tail.count + pending
  const segments = lost.length > 0 ? 0 : (await store.listSegments(version.id)).length
  const isDue = expected >= checkpointSize(segments, env.threads)
  const writer = isDue ? await openWriter(env, job, {version, expected}, call) : undefined
  try {
    if (writer) await indexTail(store, tail, {version, writer, ...signalOf(call)})
    const embedded = pending > 0 ? await embedWith(env, job, {version, writer}, call) : NO_EMBEDDING
    await writer?.finish()
    const interrupted = call.signal?.aborted === true
    const {published, indexed} = writer ?? NOTHING_BUILT
    if (!interrupted) await compactAfterWrite(env, {store, corpus, lease, version, indexed}, call)
    return {...embedded, interrupted, checkpoints: published, notes}
  } catch (error) {
    await writer?.abort()
    throw error
  }
}

const NOTHING_BUILT = {published: 0, indexed: 0}

async function openWriter(
  env: Environment,
  {store, corpus, lease}: EmbedCorpusJob,
  {version, expected}: {readonly version: EmbeddingVersion; readonly expected: number},
  call: CallOptions,
): Promise<SegmentWriter> {
  return new SegmentWriter(
    {log: store, files: env.indexFiles, builder: await env.segmentBuilder()},
    {version, folder: versionFolder(corpus, version), expected, lease, ...progressOf(call)},
  )
}

const NO_EMBEDDING: EmbedOutcome = {hits: 0, misses: 0, empty: 0, interrupted: false}

async function embedWith(
  env: Environment,
  {store, corpus, lease, batchSize, dummies = false}: EmbedCorpusJob,
  {version, writer}: {readonly version: EmbeddingVersion; readonly writer: SegmentWriter | undefined},
  call: CallOptions,
): Promise<EmbedOutcome> {
  if (!version.modelFile) return NO_EMBEDDING
  const lsa = await env.lsa()
  const embedder = await lsa.openForPassages(env.modelFiles.path(version.modelFile.file), version)
  try {
    return await embedPending(
      {store, embedder},
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
