import type {Metadata} from '../../model/metadata.js'
import type {Lease} from './lease.js'

/**
 * Removals for good that are not finished. The transaction that removes the rows of documents also writes down what is still to be done in
 * files and caches; it stands there until somebody has done it, and found nothing of the documents any more. Nothing in it can be read as
 * words of them.
 */
export interface PurgeLog {
  /**
   * All that the store holds of documents by these ids, of older versions and of softly deleted ones too, a page of chunks at a time: what
   * a purge will remove, and what must not be found afterwards. Unknown ids are passed over.
   */
  readRemains(corpusId: number, docIds: readonly string[]): AsyncIterable<Remains>
  /** The oldest first; those of one corpus, or of all. */
  pendingPurges(corpusId?: number): Promise<readonly PendingPurge[]>
  /** Takes a purge off the list, for good. @throws RagError LEASE_LOST */
  finishPurge(purge: Pick<PendingPurge, 'id' | 'corpusId'>, lease: Lease): Promise<void>
  /**
   * All texts that rows still hold, a page at a time: of documents, softly deleted ones included, of questions that people asked, of settings
   * and names; but nothing of chunks without a document, or of answers, which are `answers`.
   */
  readStoredTexts(which: 'rows' | 'answers'): AsyncIterable<readonly StoredText[]>
  /** Terms that keyword indexes name, a page at a time, those of removed entries that still take room in them perhaps among them. */
  readIndexedTerms(): AsyncIterable<{readonly corpusId: number; readonly terms: readonly string[]}>
  /** Dense vectors that rows still hold, softly deleted ones included, a page at a time. */
  readStoredVectors(): AsyncIterable<readonly Float32Array[]>
  /** Takes text and sources from these answers; ids that are no answer's are passed over. */
  redactAnswers(ids: readonly number[]): Promise<void>
  /**
   * Sees that bytes of removed rows are gone from the files of the database: `log`, what was written to it and not yet taken over; `all`,
   * the files are written anew, of what is in them. False when somebody reads an older state, so that the log stays.
   */
  eraseFreed(which: 'log' | 'all'): Promise<boolean>
  /** Dense vectors in `[from, to]` whose chunk has a row, softly deleted ones included. */
  countVectorRows(versionId: number, range: {readonly from: number; readonly to: number}): Promise<number>
}

/** A page of what is stored of a document. */
export interface Remains {
  readonly docId: string
  readonly title: string
  readonly language: string
  readonly metadata: Metadata
  readonly chunks: readonly RemainingChunk[]
}

export interface RemainingChunk {
  readonly text: string
  readonly heading: readonly string[]
  /** The chunk's own. */
  readonly metadata: Metadata
  /** Dense vectors of all embedding versions. */
  readonly vectors: readonly Float32Array[]
}

/** A row's texts; the id of a row of answers. */
export interface StoredText {
  readonly id: number
  readonly texts: readonly string[]
}

/** What a purge leaves to be done, as its caller hands it in. */
export interface PurgeWork {
  /** Hashes that stand for the ids of the documents, lower-case hex. */
  readonly documents: readonly string[]
  /** Names of cached vectors of their chunks. */
  readonly cacheKeys: readonly string[]
  /** Hashes of what must not be found in any file. */
  readonly needles: Uint8Array
}

export interface PendingPurge extends PurgeWork {
  readonly id: number
  readonly corpusId: number
  readonly begunAtMs: number
  /** Vectors that are gone, ascending; segments that hold them are to be written anew. */
  readonly seqs: readonly number[]
  /** Ids of embedding versions whose model was learned while the documents were there. */
  readonly learned: readonly number[]
  /** Rows that the transaction removed. */
  readonly removed: {readonly documents: number; readonly chunks: number; readonly vectors: number}
}
