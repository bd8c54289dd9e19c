import type {Place} from './block.js'
import type {SourceState} from './document.js'
import type {Metadata} from './metadata.js'

/** A chunk on its way into the store. */
export interface ChunkPut {
  readonly ordinal: number
  readonly text: string
  readonly heading: readonly string[]
  /** First and last line of the source, from 1, inclusive; 0 when its place is no range of lines. See `placeOf`. */
  readonly startLine: number
  readonly endLine: number
  /** Where it stands when that is no range of lines. */
  readonly place?: Place | undefined
  readonly tokens: number
  readonly overlap: number
  /** Lower-case hex SHA-256 of `text` as UTF-8. */
  readonly contentHash: string
  /**
   * Lower-case hex SHA-256 of all that keyword search and the embedder see of the chunk: title, heading path, text, language.
   * Chunks of a changed document with an equal input hash keep their row, keyword entry and vector.
   */
  readonly inputHash: string
  /** Analysed terms, space-separated, for the two columns of the keyword index. */
  readonly terms: {readonly title: string; readonly body: string}
  readonly metadata?: Metadata | undefined
  /** A vector that came with the document, of the corpus's model. */
  readonly vector?: Float32Array | undefined
}

/** A document on its way into the store, whole: its chunks replace those of an older version in the same commit. */
export interface DocumentPut {
  readonly docId: string
  /** Hash of normalised text + chunker fingerprint: equal hash, equal chunks. */
  readonly docHash: string
  readonly title: string
  readonly language: string
  readonly source: SourceState
  readonly metadata: Metadata
  readonly chunks: readonly ChunkPut[]
}

/** The waist of the house: whatever was read, and from wherever, enters the store as one of these. */
export interface DocumentBatch {
  readonly put: readonly DocumentPut[]
  /**
   * Documents whose content is unchanged but whose file looks different (touched, moved): only the source is updated, and
   * `metadata` is laid over what is stored.
   */
  readonly touch: readonly {
    readonly docId: string
    readonly source: SourceState
    readonly metadata?: Metadata | undefined
  }[]
  /** Ids of documents to delete (softly). Unknown ids are passed over. */
  readonly remove: readonly string[]
  /** Keep nothing of what is stored of the documents in `put`: every chunk gets a new row. */
  readonly fresh?: boolean | undefined
}

/** What a commit did. */
export interface CommitReceipt {
  /** The corpus version after the commit; unchanged when nothing that a search can see changed. */
  readonly version: number
  readonly added: number
  readonly updated: number
  readonly unchanged: number
  readonly removed: number
  readonly chunksAdded: number
  readonly chunksKept: number
  readonly chunksDeleted: number
}
