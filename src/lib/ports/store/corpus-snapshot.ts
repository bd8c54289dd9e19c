import type {Place} from '../../model/block.js'
import type {Corpus} from '../../model/corpus.js'
import type {SourceState} from '../../model/document.js'
import type {EmbeddingVersion, VectorKind} from '../../model/embedding.js'
import type {Filter, Metadata} from '../../model/metadata.js'

/** A document with all that is stored of it. */
export interface SnapshotDocument {
  readonly docId: string
  readonly docHash: string
  readonly title: string
  readonly language: string
  readonly metadata: Metadata
  readonly source: SourceState
  readonly updatedAtMs: number
  readonly chunks: readonly SnapshotChunk[]
}

export interface SnapshotChunk {
  readonly ordinal: number
  readonly text: string
  readonly heading: readonly string[]
  /** As of `Chunk`. */
  readonly startLine: number
  readonly endLine: number
  readonly place?: Place | undefined
  readonly tokens: number
  readonly overlap: number
  /** Its own, without the document's. */
  readonly metadata?: Metadata | undefined
  /** In the live embedding version; `none` while it is pending. */
  readonly kind: VectorKind | 'none'
  /** Of `dense` ones. */
  readonly vector?: Float32Array | undefined
}

/** A document to read through, however long: its chunks come in pages. */
export interface ReadableDocument extends Omit<SnapshotDocument, 'chunks'> {
  /** How many chunks it has. */
  readonly length: number
  /** Its chunks in order, without vectors; `range` keeps those whose ordinal is in `[from, to]`. */
  chunks(range?: {readonly from: number; readonly to: number}): AsyncIterable<ReadableChunk>
}

export type ReadableChunk = Pick<SnapshotChunk, 'ordinal' | 'text' | 'heading' | 'overlap'>

/** A corpus as it was at one instant, whatever is written meanwhile. Must be closed: until then the store's log can't be emptied. */
export interface CorpusSnapshot {
  readonly corpus: Corpus
  readonly live: EmbeddingVersion | undefined
  /** Counts of live documents and chunks, with `since` only of those that changed after that version of the corpus. */
  count(
    since?: number,
  ): Promise<{readonly documents: number; readonly chunks: number; readonly empty: number}>
  /** Live documents, in the order in which their first chunks were stored. */
  documents(since?: number): AsyncIterable<SnapshotDocument>
  /**
   * Live documents whose own metadata passes the filters, by id (by code point). No more than a page of chunks is held at a time.
   */
  readThrough(filters?: readonly Filter[]): AsyncIterable<ReadableDocument>
  /**
   * Ids of documents deleted after that version, ascending; undefined when some that were deleted since have been removed for good,
   * so that nobody can tell.
   */
  deletedSince(version: number): Promise<readonly string[] | undefined>
  close(): Promise<void>
}

export interface CorpusSnapshots {
  openSnapshot(name: string): Promise<CorpusSnapshot | undefined>
}
