import {embedPending, type EmbedOutcome} from '../embedding/embed-pending.js'
import {fitModel} from '../embedding/fit-model.js'
import {hasOutgrown, knowsTooLittle} from '../embedding/refit-rule.js'
import {dropLostSegments, indexTail, measureTail} from '../indexing/index-tail.js'
import {MIN_SEGMENT} from '../indexing/segment-size.js'
import {SegmentWriter} from '../indexing/segment-writer.js'
import type {Corpus} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import {RagError} from '../model/errors.js'
import type {Lease} from '../ports/lease.js'
import type {Store} from '../ports/store.js'
import {corpusFolder, sweepCorpusFiles, versionFolder} from './corpus-folders.js'
import type {Environment} from './environment.js'
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
  const outcome = await bringUp(env, job, version, call)
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
  const damaged = live !== undefined && !(await isUsable(env, live))
  if (!wanted && !damaged) return keep
  const notes = damaged ? [damagedModel(corpus)] : []
  const choice = await learnOrForget(env, job, {live, chunks}, call)
  return {...choice, notes: [...notes, ...choice.notes]}
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

function wantsRefit({refit, noRefit}: EmbedCorpusJob, live: EmbeddingVersion, chunks: number): boolean {
  return refit === true || live.fittedChunks === 0 || (!noRefit && hasOutgrown(live, chunks))
}

/** Drops a model from which there is nothing to be learned any more: it may hold words of what was removed for good. */
async function forget(
  env: Environment,
  {store, corpus, lease}: EmbedCorpusJob,
  live: EmbeddingVersion,
): Promise<Choice> {
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

/** Every byte is looked at: a damaged model found later would stop each ingest from then on. */
async function isUsable(env: Environment, version: EmbeddingVersion): Promise<boolean> {
  const {modelFile} = version
  if (!modelFile || !(await env.modelFiles.check(modelFile)).ok) return false
  try {
    const lsa = await env.lsa()
    const embedder = await lsa.openForQueries(env.modelFiles.path(modelFile.file), version)
    await embedder.close()
    return true
  } catch (error) {
    if (error instanceof RagError && UNUSABLE.has(error.code)) return false
    throw error
  }
}

const UNUSABLE: ReadonlySet<string> = new Set(['MODEL_DAMAGED', 'MODEL_MISMATCH'])

async function learn(
  env: Environment,
  {store, corpus, lease}: EmbedCorpusJob,
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
      ...call,
    },
  )
  if (!version || !first) return version
  // With no older version to search by, a part of the vectors is better than none.
  await store.setLiveVersion(version.id, lease, {allowPending: true})
  return {...version, state: 'live'}
}

/** Embeds what is pending in the version while segments are built of what is there already. */
async function bringUp(
  env: Environment,
  job: EmbedCorpusJob,
  version: EmbeddingVersion,
  call: CallOptions,
): Promise<EmbedCorpusOutcome & {readonly empty: number}> {
  const {store, corpus, lease} = job
  const lost = await dropLostSegments({log: store, files: env.indexFiles}, version, lease)
  const notes = lost.map((segment) => `Index segment ${segment.file} was lost or damaged; it was built anew.`)
  const pending = await store.countPending(corpus.id, version.id)
  const tail = await measureTail(store, version)
  const expected = tail.count + pending
  const writer =
    expected >= MIN_SEGMENT
      ? new SegmentWriter(
          {log: store, files: env.indexFiles, builder: await env.segmentBuilder()},
          {version, folder: versionFolder(corpus, version), expected, lease, ...progressOf(call)},
        )
      : undefined
  try {
    if (writer) await indexTail(store, tail, {version, writer, ...signalOf(call)})
    const embedded = pending > 0 ? await embedWith(env, job, {version, writer}, call) : NO_EMBEDDING
    await writer?.finish()
    const interrupted = call.signal?.aborted === true
    return {...embedded, interrupted, checkpoints: writer?.published ?? 0, notes}
  } catch (error) {
    await writer?.abort()
    throw error
  }
}

const NO_EMBEDDING: EmbedOutcome = {hits: 0, misses: 0, empty: 0, interrupted: false}

async function embedWith(
  env: Environment,
  {store, corpus, lease, batchSize}: EmbedCorpusJob,
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
        onStored: async (block) => writer?.add(block),
        ...(batchSize === undefined ? {} : {batchSize}),
        ...call,
      },
    )
  } finally {
    await embedder.close()
  }
}

/** One step puts the new version in the place of the old; then the old one's rows and files are litter. */
async function goLive(
  env: Environment,
  {store, corpus, lease}: EmbedCorpusJob,
  version: EmbeddingVersion,
): Promise<void> {
  const allowPending =
    (await store.countPending(corpus.id, version.id)) > 0 && corpus.settings.model !== 'lsa'
  await store.setLiveVersion(version.id, lease, {allowPending})
  for (const other of await store.listEmbeddingVersions(corpus.id))
    if (other.state === 'retired') await store.dropEmbeddingVersion(other.id, lease)
  await sweepCorpusFiles(env, store, corpus)
}

function progressOf(call: CallOptions): Pick<CallOptions, 'onProgress'> {
  return call.onProgress ? {onProgress: call.onProgress} : {}
}

function signalOf(call: CallOptions): Pick<CallOptions, 'signal'> {
  return call.signal ? {signal: call.signal} : {}
}
