import type {SealedFile} from './segment.js'

/** What makes two vectors comparable. Vectors of different fingerprints never meet. */
export interface EmbedderIdentity {
  /** `lsa`, `external`, … */
  readonly provider: string
  readonly model: string
  readonly dimension: number
  /** Hash over everything that changes a vector: provider, model, revision, dimension, pooling, prefixes, normalisation, analyser. */
  readonly fingerprint: string
}

/**
 * What names a model and the ways of using it that change its vectors, as kept with a corpus. An option left out is chosen by the
 * model's family. Where a model is served (endpoints, folders, keys) is no part of it: that may differ between machines.
 */
export interface ModelSpec {
  /** `lsa`, `external:NAME`, `openai:NAME`, `ollama:NAME`, `tei:URL`, `http(s)://…`, a model folder, `name` or `owner/name` of a hub. */
  readonly model: string
  /** Precision of the weights: `fp32`, `fp16`, `q8`, … */
  readonly dtype?: string | undefined
  readonly pooling?: 'mean' | 'cls' | undefined
  readonly normalize?: boolean | undefined
  /** Put before each query, and before each passage. */
  readonly queryPrefix?: string | undefined
  readonly passagePrefix?: string | undefined
}

/** The part of a corpus's settings that names its model. */
export function specOf(settings: ModelSpec): ModelSpec {
  const {model, dtype, pooling, normalize, queryPrefix, passagePrefix} = settings
  return {
    model,
    ...(dtype === undefined ? {} : {dtype}),
    ...(pooling === undefined ? {} : {pooling}),
    ...(normalize === undefined ? {} : {normalize}),
    ...(queryPrefix === undefined ? {} : {queryPrefix}),
    ...(passagePrefix === undefined ? {} : {passagePrefix}),
  }
}

export function sameSpec(a: ModelSpec, b: ModelSpec): boolean {
  return JSON.stringify(specOf(a)) === JSON.stringify(specOf(b))
}

/** The model that is learned from the corpus that it serves. */
export const LEARNED_MODEL = 'lsa'

/**
 * Where vectors of a model of this name come from: `learned` from the corpus, `external` with the documents, `served` by a provider.
 */
export function modelOrigin({model}: ModelSpec): 'learned' | 'external' | 'served' {
  if (model === LEARNED_MODEL) return 'learned'
  return /^external:/.test(model) ? 'external' : 'served'
}

export type EmbeddingState = 'building' | 'live' | 'retired'

/** A set of comparable vectors of one corpus. */
export interface EmbeddingVersion extends EmbedderIdentity {
  readonly id: number
  readonly corpusId: number
  /** Counted from 1 within the corpus. */
  readonly number: number
  readonly state: EmbeddingState
  /** The fitted model, for models learned from the corpus. */
  readonly modelFile?: SealedFile | undefined
  /** How the model was named and used, for models that are served; enough to open it again. */
  readonly spec?: ModelSpec | undefined
  /** Live chunks in the corpus when the model was fitted; 0 when some of them were since removed for good. */
  readonly fittedChunks?: number | undefined
  /** Retired, but kept with its vectors and segments so that one can go back to it. */
  readonly kept?: true | undefined
  /** When this one goes live, the one before it is kept. */
  readonly keepsOld?: true | undefined
  readonly createdAtMs: number
}

/** The version that searches use. */
export const liveVersion = (versions: readonly EmbeddingVersion[]): EmbeddingVersion | undefined =>
  versions.find(({state}) => state === 'live')

/** The version that is being made, or was when a run was cut off. */
export const unfinishedVersion = (versions: readonly EmbeddingVersion[]): EmbeddingVersion | undefined =>
  versions.find(({state}) => state === 'building')

/** The version that one can go back to. */
export const keptVersion = (versions: readonly EmbeddingVersion[]): EmbeddingVersion | undefined =>
  versions.findLast(({kept}) => kept === true)

/** Whether its model is learned from the corpus. Of vectors made by a newer kind of model nothing else tells. */
export const isLearned = ({modelFile}: Pick<EmbeddingVersion, 'modelFile'>): boolean =>
  modelFile !== undefined

export interface NewEmbeddingVersion extends EmbedderIdentity {
  readonly modelFile?: SealedFile | undefined
  readonly spec?: ModelSpec | undefined
  readonly fittedChunks?: number | undefined
  readonly keepsOld?: true | undefined
}

/** What an embedder sees of a chunk or a query. */
export interface EmbedInput {
  readonly text: string
  readonly title?: string | undefined
  readonly heading?: readonly string[] | undefined
  /** Analysis language; absent for a query = to be detected by the embedder's own rules. */
  readonly language?: string | undefined
  /** Id of the document that it is of. No model sees it: what is cached of the document is found by it. */
  readonly docId?: string | undefined
}

/**
 * What a model that takes plain text is given of a passage or query. Headings come first: they say what a passage from the middle
 * of a document is about.
 */
export function inputText({text, title = '', heading = []}: EmbedInput): string {
  const path = heading[0] === title || title === '' ? heading : [title, ...heading]
  const context = path.filter((part) => part.trim() !== '' && !text.startsWith(part))
  return context.length === 0 ? text : `${context.join(' › ')}\n\n${text}`
}

/** What counts as pending: chunks without a vector; with `dummies` also those whose vector is a placeholder. */
export interface PendingScope {
  readonly dummies?: boolean | undefined
}

/** A live chunk without a vector in some embedding version. */
export interface PendingChunk {
  readonly chunkId: number
  readonly inputHash: string
  readonly input: EmbedInput
}

/**
 * How a stored vector came about: `dense` a real one; `dummy` zeros put in for a missing one (to be filled later);
 * `empty` the model has nothing to say of this text (no known word), and never will.
 */
export type VectorKind = 'dense' | 'dummy' | 'empty'

export interface VectorPut {
  readonly chunkId: number
  readonly kind: VectorKind
  /** Length 0 for `empty`. */
  readonly vector: Float32Array
}

/** A run of stored vectors, in ascending `seq`; `vectors` holds `seqs.length × dimension` numbers. */
export interface VectorBlock {
  readonly seqs: Uint32Array
  readonly vectors: Float32Array
}
