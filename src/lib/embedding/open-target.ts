import {corpusFolder, vacuumFiles} from '../corpus/corpus-folders.js'
import type {HeldCorpus} from '../corpus/held-corpus.js'
import type {Corpus} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Services} from '../ports/services.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {enterModel, fitAside, type FitTools, type StagedModel} from './fit-model.js'
import type {EmbeddingPlan} from './plan-embedding.js'

/** A version to embed into, and what is to be said of it. */
export interface OpenedTarget {
  readonly version?: EmbeddingVersion | undefined
  /** Made just now: making it again would bring nothing. */
  readonly isNew: boolean
  readonly notes: readonly string[]
}

/**
 * Does what the plan says: drops versions, learns a model (`learn`) or enters a new version. Each step is one transaction; a killed one is
 * planned again.
 */
export async function openTarget(
  services: Pick<Services, 'indexFiles' | 'modelFiles' | 'models' | 'store'>,
  {corpus, lease}: HeldCorpus,
  {drop, into, notes}: EmbeddingPlan,
  learn: () => Promise<StagedModel | undefined>,
): Promise<OpenedTarget> {
  const store = await services.store.write('write')
  await dropVersions(services, {corpus, lease}, drop)
  switch (into.kind) {
    case 'none':
      return {isNew: false, notes}
    case 'existing':
      return {version: into.version, isNew: false, notes}
    case 'new': {
      const {identity, spec, keepsOld, isFirst} = into
      const entry = {...identity, spec, ...(keepsOld ? ({keepsOld} as const) : {})}
      const version = await store.addEmbeddingVersion(corpus.id, entry, lease)
      return {version: isFirst ? await madeLive(store, version, lease) : version, isNew: true, notes}
    }
    case 'learn': {
      const {keepsOld, isFirst, instead} = into
      const staged = await learn()
      if (staged) {
        const entry = {corpusId: corpus.id, keepsOld, lease}
        const version = await enterModel(await fitTools(services, store), staged, entry)
        return {version: isFirst ? await madeLive(store, version, lease) : version, isNew: true, notes}
      }
      if (instead) await dropVersions(services, {corpus, lease}, [instead])
      return {isNew: false, notes: [...notes, tooLittle(corpus)]}
    }
  }
}

async function dropVersions(
  services: Pick<Services, 'indexFiles' | 'modelFiles' | 'store'>,
  {corpus, lease}: HeldCorpus,
  drop: readonly EmbeddingVersion[],
): Promise<void> {
  const store = await services.store.write('write')
  for (const {id, state} of drop) {
    const evenLive = state === 'live'
    await store.dropEmbeddingVersion(id, lease, evenLive ? {evenLive} : {})
    if (evenLive) await vacuumFiles(services, store, corpus)
  }
}

/** With no older version to search by, a part of the vectors is better than none. */
async function madeLive(store: Store, version: EmbeddingVersion, lease: Lease): Promise<EmbeddingVersion> {
  await store.setLiveVersion(version.id, lease, {allowPending: true})
  return {...version, state: 'live'}
}

/** Learns a model without the lease: its file is staged and named by no row. Undefined when there is too little text. */
export async function learnAside(
  services: Pick<Services, 'modelFiles' | 'models' | 'store'>,
  corpus: Corpus,
  {signal, onProgress}: CallOptions,
): Promise<StagedModel | undefined> {
  const store = await services.store.read()
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
