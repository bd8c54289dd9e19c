import {fitModel} from '../embedding/fit-model.js'
import {hasOutgrown} from '../embedding/refit-rule.js'
import type {Corpus} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import type {Choice} from './choice.js'
import {corpusFolder, sweepCorpusFiles} from './corpus-folders.js'
import type {EmbedCorpusJob} from './embed-corpus-job.js'
import type {Environment} from './environment.js'
import {isUsable} from './model-is-usable.js'
import type {CallOptions} from './rag-options.js'

/** The version of a learned model to embed into: an unfinished one, the live one, or one newly learned. */
export async function chooseLearned(
  env: Environment,
  job: EmbedCorpusJob,
  call: CallOptions,
): Promise<Choice> {
  const {store, corpus} = job
  const versions = await store.listEmbeddingVersions(corpus.id)
  const live = versions.find((version) => version.state === 'live')
  const keep: Choice = {notes: [], ...(live ? {version: live} : {})}
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

/** Whether it is a learned model that can't be used. */
export async function isDamaged(env: Environment, live: EmbeddingVersion | undefined): Promise<boolean> {
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
