import {corpusFolder, vacuumFiles} from '../corpus/corpus-folders.js'
import type {Corpus} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Services} from '../ports/services.js'
import type {Store} from '../ports/store/store.js'
import type {EmbeddingJob} from './embedding-job.js'
import {enterModel, fitAside, type FitTools, type StagedModel} from './fit-model.js'
import type {EmbeddingPlan, EmbeddingTarget} from './plan-embedding.js'

/** A version to embed into, and what is to be said of it. */
export interface OpenedTarget {
  readonly version?: EmbeddingVersion | undefined
  /** Made just now: making it again would bring nothing. */
  readonly isNew: boolean
  readonly notes: readonly string[]
}

/** Does what the plan says: drops versions, learns a model or enters a new version. Each step is one transaction; a killed one is planned again. */
export async function openTarget(
  services: Pick<Services, 'indexFiles' | 'modelFiles' | 'models'>,
  job: EmbeddingJob,
  {drop, into, notes}: EmbeddingPlan,
  call: CallOptions,
): Promise<OpenedTarget> {
  await dropVersions(services, job, drop)
  switch (into.kind) {
    case 'none':
      return {isNew: false, notes}
    case 'existing':
      return {version: into.version, isNew: false, notes}
    case 'new':
      return {version: await enterServed(job, into), isNew: true, notes}
    case 'learn': {
      const version = await learn(services, job, into, call)
      if (version) return {version, isNew: true, notes}
      if (into.instead) await dropVersions(services, job, [into.instead])
      return {isNew: false, notes: [...notes, tooLittle(job.corpus)]}
    }
  }
}

async function dropVersions(
  services: Pick<Services, 'indexFiles' | 'modelFiles'>,
  {store, corpus, lease}: EmbeddingJob,
  drop: readonly EmbeddingVersion[],
): Promise<void> {
  for (const {id, state} of drop) {
    const evenLive = state === 'live'
    await store.dropEmbeddingVersion(id, lease, evenLive ? {evenLive} : {})
    if (evenLive) await vacuumFiles(services, store, corpus)
  }
}

async function enterServed(
  {store, corpus, lease}: EmbeddingJob,
  {identity, spec, keepsOld, isFirst}: EmbeddingTarget & {readonly kind: 'new'},
): Promise<EmbeddingVersion> {
  const entry = {...identity, spec, ...(keepsOld ? ({keepsOld} as const) : {})}
  return madeLive({store, lease}, await store.addEmbeddingVersion(corpus.id, entry, lease), isFirst)
}

async function learn(
  services: Pick<Services, 'modelFiles' | 'models'>,
  job: EmbeddingJob,
  {isFirst, keepsOld}: EmbeddingTarget & {readonly kind: 'learn'},
  call: CallOptions,
): Promise<EmbeddingVersion | undefined> {
  const {store, corpus, lease} = job
  const staged = job.fitted?.take() ?? (await learnAside(services, {store, corpus}, call))
  if (!staged) return undefined
  const entry = {corpusId: corpus.id, keepsOld, lease}
  return madeLive(job, await enterModel(await fitTools(services, store), staged, entry), isFirst)
}

/** With no older version to search by, a part of the vectors is better than none. */
async function madeLive(
  {store, lease}: Pick<EmbeddingJob, 'store' | 'lease'>,
  version: EmbeddingVersion,
  isFirst: boolean,
): Promise<EmbeddingVersion> {
  if (!isFirst) return version
  await store.setLiveVersion(version.id, lease, {allowPending: true})
  return {...version, state: 'live'}
}

/** Learns a model without the lease: its file is staged and named by no row. Undefined when there is too little text. */
export async function learnAside(
  services: Pick<Services, 'modelFiles' | 'models'>,
  {store, corpus}: {readonly store: Store; readonly corpus: Corpus},
  {signal, onProgress}: CallOptions,
): Promise<StagedModel | undefined> {
  return fitAside(await fitTools(services, store), {
    corpusId: corpus.id,
    folder: corpusFolder(corpus),
    liveChunks: (await store.countCorpus(corpus.id)).chunks,
    dimension: corpus.settings.dimension,
    signal,
    onProgress,
  })
}

async function fitTools(services: Pick<Services, 'modelFiles' | 'models'>, store: Store): Promise<FitTools> {
  return {store, files: services.modelFiles, model: await services.models.learned()}
}

const tooLittle = (corpus: Corpus): string =>
  `There is too little text in "${corpus.name}" to learn a model from; it is searched by keyword.`
