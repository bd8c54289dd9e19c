import type {ModelSpec} from './embedding.js'
import type {CorpusName} from './names.js'

/** Everything a corpus was built with, so that a rebuild needs no other argument. */
export interface CorpusSettings extends ModelSpec {
  readonly chunkSize: number
  readonly chunkOverlap: number
  /** Weight of the vector side in hybrid search, 0–1; absent = the model's own default. */
  readonly vectorWeight?: number | undefined
  /** Analysis language for all documents; absent = detected a document. */
  readonly language?: string | undefined
  /** Width of the vectors to make, for models that are fitted here. */
  readonly dimension: number
  /** Fingerprint of the analyser whose terms the keyword index holds. */
  readonly analyser?: string | undefined
}

/** A corpus as stored. */
export interface Corpus {
  readonly id: number
  readonly name: CorpusName
  readonly settings: CorpusSettings
  /** +1 in every commit that changes what a search can see. */
  readonly version: number
  /**
   * Drawn at random in every such commit: two stores (a copy, a restored backup) that went different ways have the same version
   * number, never the same state. What is kept of a search for later carries it.
   */
  readonly state: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Exact counts over live rows. */
export interface CorpusCounts {
  readonly documents: number
  readonly chunks: number
  /** Dense vectors of live chunks in the live embedding version. */
  readonly vectors: number
  /** Live chunks that have no vector (of any kind) in the live embedding version; all of them when there is none. */
  readonly pending: number
  /** Live chunks whose vector is a placeholder of zeros. */
  readonly dummy: number
  /** Soft-deleted chunks that still take up room. */
  readonly deletedChunks: number
  /** Live documents a language, most frequent first. */
  readonly languages: readonly {readonly language: string; readonly documents: number}[]
}
