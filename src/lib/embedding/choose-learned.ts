import {enterModel, fitAside, type FitTools, type StagedModel} from './fit-model.js'
import {hasOutgrown} from './refit-rule.js'
import type {Corpus} from '../model/corpus.js'
import {modelOrigin, type EmbeddingVersion} from '../model/embedding.js'
import {RagError} from '../model/errors.js'
import type {Store} from '../ports/store/store.js'
import type {Choice} from './choice.js'
import {corpusFolder, sweepCorpusFiles} from '../corpus/corpus-folders.js'
import type {EmbedCorpusJob} from './embed-corpus-job.js'
import type {Services} from '../ports/services.js'
import {isUsable} from './model-is-usable.js'
import type {CallOptions} from '../model/operations/call.js'

/** The version of a learned model to embed into: an unfinished one, the live one, or one newly learned. */
export async function chooseLearned(
  services: Services,
  job: EmbedCorpusJob,
  call: CallOptions,
): Promise<Choice> {
  const {store, corpus} = job
  const versions = await store.listEmbeddingVersions(corpus.id)
  const live = versions.find((version) => version.state === 'live')
  const keep: Choice = {notes: [], ...(live ? {version: live} : {})}
  const {chunks} = await store.countCorpus(corpus.id)
  const unfinished = await resumable(services, job, {versions, chunks})
  if (unfinished) return {version: unfinished, notes: []}
  const wanted = live === undefined || wantsRefit(job, live, chunks)
  if (chunks === 0) return live && wanted ? forget(services, job, live) : keep
  const damaged = await isDamaged(services, live)
  if (!wanted && !damaged) return keep
  const notes = damaged ? [damagedModel(corpus)] : []
  const choice = await learnOrForget(services, job, {live, chunks}, call)
  return {...choice, notes: [...notes, ...choice.notes]}
}

/** Whether it is a learned model that can't be used. */
export async function isDamaged(services: Services, live: EmbeddingVersion | undefined): Promise<boolean> {
  return live?.modelFile !== undefined && !(await isUsable(services, live))
}

async function learnOrForget(
  services: Services,
  job: EmbedCorpusJob,
  {live, chunks}: {readonly live: EmbeddingVersion | undefined; readonly chunks: number},
  call: CallOptions,
): Promise<Choice> {
  const fitted = await learn(services, job, {chunks, first: live === undefined}, call)
  if (fitted) return {version: fitted, notes: [], isNew: true}
  if (live) await forget(services, job, live)
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
  services: Services,
  {store, corpus, lease, renew}: EmbedCorpusJob,
  live: EmbeddingVersion,
): Promise<Choice> {
  if (renew) return {version: live, notes: []}
  await store.dropEmbeddingVersion(live.id, lease, {evenLive: true})
  await sweepCorpusFiles(services, store, corpus)
  return {notes: []}
}

/** The version that an earlier run was building, when it is still worth finishing; otherwise it is dropped. */
async function resumable(
  services: Services,
  {store, lease, refit}: EmbedCorpusJob,
  {versions, chunks}: {readonly versions: readonly EmbeddingVersion[]; readonly chunks: number},
): Promise<EmbeddingVersion | undefined> {
  const unfinished = versions.find((version) => version.state === 'building')
  if (!unfinished) return undefined
  if (!refit && (await isWorthIt(services, unfinished, chunks))) return unfinished
  await store.dropEmbeddingVersion(unfinished.id, lease)
  return undefined
}

const tooLittle = (corpus: Corpus): string =>
  `There is too little text in "${corpus.name}" to learn a model from; it is searched by keyword.`

const damagedModel = (corpus: Corpus): string =>
  `The model file of "${corpus.name}" was damaged, or made by another version of rag; it was learned anew.`

async function learn(
  services: Services,
  job: EmbedCorpusJob,
  {chunks, first}: {readonly chunks: number; readonly first: boolean},
  call: CallOptions,
): Promise<EmbeddingVersion | undefined> {
  const {store, corpus, lease, renew} = job
  const tools = await fitTools(services, store)
  const staged = job.fitted?.take() ?? (await learnAside(services, {store, corpus, chunks}, call))
  if (!staged) return undefined
  const entry = {corpusId: corpus.id, keepsOld: renew?.keepOld === true, lease}
  const version = await enterModel(tools, staged, entry)
  if (!first) return version
  // With no older version to search by, a part of the vectors is better than none.
  await store.setLiveVersion(version.id, lease, {allowPending: true})
  return {...version, state: 'live'}
}

async function fitTools(services: Services, store: Store): Promise<FitTools> {
  return {store, files: services.modelFiles, model: await services.models.learned()}
}

async function learnAside(
  services: Services,
  {store, corpus, chunks}: {readonly store: Store; readonly corpus: Corpus; readonly chunks: number},
  call: CallOptions,
): Promise<StagedModel | undefined> {
  return fitAside(await fitTools(services, store), {
    corpusId: corpus.id,
    folder: corpusFolder(corpus),
    liveChunks: chunks,
    dimension: corpus.settings.dimension,
    ...call,
  })
}

/**
 * Learns the model of a re-embedding before the corpus's lease is taken: that takes as long as the rest of it. Nothing when an unfinished
 * version is gone on with, or none can be learned, which `chooseLearned` then finds too.
 */
export async function learnAhead(
  services: Services,
  {store, corpus}: {readonly store: Store; readonly corpus: Corpus},
  call: CallOptions,
): Promise<StagedModel | undefined> {
  if (modelOrigin(corpus.settings) !== 'learned') return undefined
  const versions = await store.listEmbeddingVersions(corpus.id)
  const unfinished = versions.find(({state}) => state === 'building')
  const {chunks} = await store.countCorpus(corpus.id)
  if (chunks === 0 || !versions.some(({state}) => state === 'live')) return undefined
  if (unfinished && (await isWorthIt(services, unfinished, chunks))) return undefined
  try {
    return await learnAside(services, {store, corpus, chunks}, call)
  } catch (error) {
    if (error instanceof RagError && error.code === 'INTERRUPTED' && call.signal?.aborted) return undefined
    throw error
  }
}

/** Whether an unfinished version is still worth finishing. */
async function isWorthIt(services: Services, unfinished: EmbeddingVersion, chunks: number): Promise<boolean> {
  return !hasOutgrown(unfinished, chunks) && (await isUsable(services, unfinished))
}
