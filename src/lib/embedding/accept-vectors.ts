import type {BatchHeader} from '../model/batch-record.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import {
  type EmbeddingVersion,
  liveVersion,
  modelOrigin,
  type NewEmbeddingVersion,
} from '../model/embedding.js'
import {vectorsOfOtherDimension, vectorsOfOtherModel, noModelName} from '../model/errors/corpus/model.js'
import {externalVersion} from './external-version.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'

/** The name of a model of which nothing is known but its vectors. */
export const UNNAMED = 'external:unnamed'

export interface AcceptFor {
  readonly lease: Lease
  /** A model was named with the call. */
  readonly modelGiven: boolean
  /** Vectors must have a model's name: of the call, the corpus, or what they come in. */
  readonly nameNeeded?: boolean | undefined
  /** Of vectors that `rag export` wrote, whose model's file lies beside them: takes it in. Undefined when that is not so. */
  readonly installModel?: ((settings: CorpusSettings) => Promise<NewEmbeddingVersion | undefined>) | undefined
  /** Whether batches that gather went over from the model of that fingerprint to the one of these vectors, and bring all of them anew. */
  readonly succeeds?: ((fingerprint: string) => boolean) | undefined
}

/**
 * Decides whether vectors that come with documents may enter the corpus, and makes its embedding version for the first.
 * Vectors of different models never meet.
 */
export function acceptVectors(
  store: Store,
  corpus: Corpus,
  options: AcceptFor,
): (header: BatchHeader, dimension: number) => Promise<void> {
  let live: EmbeddingVersion | undefined
  return async (header, dimension) => {
    live ??= liveVersion(await store.listEmbeddingVersions(corpus.id))
    live ??= await firstVersion(store, corpus, {header, dimension}, options)
    if (isOther(corpus, live, header)) live = await succeed(store, corpus, {live, header}, options)
    if (live.dimension !== dimension) throw vectorsOfOtherDimension(corpus, live.dimension, dimension)
  }
}

/**
 * The corpus follows the one that its batches come from: from now on searches see the new vectors, as they come in; the old ones go.
 * @throws RagError MODEL_MISMATCH when the vectors are of any other model
 */
async function succeed(
  store: Store,
  corpus: Corpus,
  {live, header}: {readonly live: EmbeddingVersion; readonly header: BatchHeader},
  {lease, succeeds, installModel}: AcceptFor,
): Promise<EmbeddingVersion> {
  const {origin} = header
  const model = origin?.settings['model']
  if (!succeeds?.(live.fingerprint) || typeof model !== 'string')
    throw vectorsOfOtherModel(corpus, live.model, nameOf(header))
  const settings = {...corpus.settings, model}
  const version = (await installModel?.(settings)) ?? exportedIdentity({settings}, header)
  if (!version) throw vectorsOfOtherModel(corpus, live.model, nameOf(header))
  const added = await store.addEmbeddingVersion(corpus.id, version, lease)
  await store.setLiveVersion(added.id, lease, {allowPending: true, settings})
  return {...added, state: 'live'}
}

/** As `acceptVectors`, but only tells: of a corpus that need not be there yet. Makes nothing. */
export function checkVectors({
  store,
  corpus,
  settings,
  name,
  succeeds,
}: Prospect): (header: BatchHeader, dimension: number) => Promise<void> {
  let live: EmbeddingVersion | undefined
  let first: number | undefined
  return async (header, dimension) => {
    if (store && corpus) live ??= liveVersion(await store.listEmbeddingVersions(corpus.id))
    if (live && corpus) first = widthIn(corpus, live, {header, dimension, succeeds})
    else if (first === undefined) await refuseFirst({store, corpus, settings, name}, header)
    first ??= dimension
    if (first !== dimension) throw vectorsOfOtherDimension({name}, first, dimension)
  }
}

interface Arriving {
  readonly header: BatchHeader
  readonly dimension: number
  readonly succeeds: AcceptFor['succeeds']
}

/** How many numbers a vector has from now on. @throws RagError MODEL_MISMATCH */
function widthIn(corpus: Corpus, live: EmbeddingVersion, {header, dimension, succeeds}: Arriving): number {
  if (!isOther(corpus, live, header)) return live.dimension
  if (succeeds?.(live.fingerprint)) return dimension
  throw vectorsOfOtherModel(corpus, live.model, nameOf(header))
}

/** A corpus as it will be. */
interface Prospect {
  readonly store: Store | undefined
  readonly corpus: Corpus | undefined
  readonly name: string
  readonly settings: CorpusSettings & {readonly modelGiven: boolean}
  readonly succeeds?: AcceptFor['succeeds'] | undefined
}

async function refuseFirst(
  {store, corpus, settings, name}: Omit<Prospect, 'succeeds'>,
  {model, origin}: BatchHeader,
): Promise<void> {
  if (modelOrigin(settings) !== 'learned' || origin) return
  const documents = store && corpus ? (await store.countCorpus(corpus.id)).documents : 0
  if (settings.modelGiven || documents > 0) throw vectorsOfOtherModel({name}, settings.model, model)
  if (model === undefined) throw noModelName(name)
}

function isOther(corpus: Corpus, live: EmbeddingVersion, header: BatchHeader): boolean {
  const {model, origin} = header
  const fingerprint = origin?.fingerprint
  if (fingerprint !== undefined && fingerprint === live.fingerprint) return false
  // A learned model is the corpus's own: no one else has vectors of it. Of others the fingerprint tells, else the name.
  return (
    live.modelFile !== undefined ||
    (live.provider !== 'external' && fingerprint !== undefined) ||
    (model !== undefined && !namesOf(corpus, live).has(bare(model)))
  )
}

function nameOf({model, origin}: BatchHeader): string | undefined {
  if (!origin) return model
  return `${origin.model ?? model ?? 'a model'} of corpus "${origin.corpus}" (${origin.fingerprint?.slice(0, 12) ?? ''})`
}

const bare = (model: string): string => model.replace(/^external:/, '').toLowerCase()

/** Every name by which the model of a version may be called. */
function namesOf({settings}: Corpus, {model, spec}: EmbeddingVersion): ReadonlySet<string> {
  const names = [settings.model, model, ...(spec ? [spec.model] : [])].map(bare)
  return new Set([...names, ...names.map((name) => name.slice(name.lastIndexOf('/') + 1))])
}

interface FirstVectors {
  readonly header: BatchHeader
  readonly dimension: number
}

async function firstVersion(
  store: Store,
  corpus: Corpus,
  {header, dimension}: FirstVectors,
  options: AcceptFor,
): Promise<EmbeddingVersion> {
  const version = await identityOf(store, corpus, {header, dimension}, options)
  const added = await store.addEmbeddingVersion(corpus.id, version, options.lease)
  await store.setLiveVersion(added.id, options.lease, {allowPending: true})
  return {...added, state: 'live'}
}

async function identityOf(
  store: Store,
  corpus: Corpus,
  {header, dimension}: FirstVectors,
  options: AcceptFor,
): Promise<NewEmbeddingVersion> {
  const installed = header.origin && (await options.installModel?.(corpus.settings))
  if (installed) return installed
  const exported = exportedIdentity(corpus, header)
  if (exported) return exported
  return externalVersion(await externalModel(store, corpus, header, options), dimension)
}

/** An export names its model exactly; a corpus that was made for it takes it over. */
function exportedIdentity(
  {settings}: Pick<Corpus, 'settings'>,
  {origin}: BatchHeader,
): NewEmbeddingVersion | undefined {
  const {provider, model, dimension, fingerprint, spec} = origin ?? {}
  if (!provider || !model || !dimension || !fingerprint || modelOrigin({model}) === 'learned')
    return undefined
  if (settings.model !== origin?.settings['model']) return undefined
  return {provider, model, dimension, fingerprint, ...(spec ? {spec} : {})}
}

/** A corpus that is still empty and for which no model was asked takes the one that comes. */
async function externalModel(
  store: Store,
  corpus: Corpus,
  header: BatchHeader,
  {lease, modelGiven, nameNeeded}: AcceptFor,
): Promise<string> {
  const {model} = corpus.settings
  if (modelOrigin(corpus.settings) !== 'learned') return model
  const {documents} = await store.countCorpus(corpus.id)
  if (modelGiven || documents > 0) throw vectorsOfOtherModel(corpus, model, header.model)
  if (nameNeeded && header.model === undefined) throw noModelName(corpus.name)
  const named = header.model === undefined ? UNNAMED : `external:${header.model}`
  await store.updateSettings(corpus.id, {...corpus.settings, model: named}, lease)
  return named
}
