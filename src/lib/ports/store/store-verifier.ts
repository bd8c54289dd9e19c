import type {Lease} from './lease.js'

/**
 * What `rag verify` asks of a store. Every verb but `markVerified`, `mendRows`, `replaceVectors` and `raiseVersion` only reads, and none
 * needs a lease but the last three. A store too damaged to answer throws RagError STORE_DAMAGED.
 */
export interface StoreVerifier {
  /** The database's own check of its structure and references. One long step that can't be interrupted. */
  checkStructure(): Promise<StructureReport>
  /** Holds the rows of a corpus against each other, in one state of the store. */
  checkRows(corpusId: number): Promise<readonly RowFault[]>
  /** Live chunks with ids after `after`, ascending: is each text the one whose hash is recorded? */
  checkTexts(corpusId: number, page: Page): Promise<PageReport>
  /** Vectors of a version with seqs after `after`, ascending: does each have the version's width, and finite numbers, not all 0? */
  checkVectors(versionId: number, page: Page): Promise<PageReport>
  /** The id of a live chunk after `after`, when so many are skipped; undefined when there are no more. */
  chunkIdAfter(corpusId: number, after: number, skip: number): Promise<number | undefined>
  /**
   * Names of those of the chunks that the keyword index does not find by each of their terms. Chunks that are not live are passed
   * over, and all are when the index is not of the analyser, or there is none.
   */
  missingTerms(corpusId: number, expected: KeywordExpectation): Promise<readonly string[]>
  /** The largest id of a live chunk, and the largest seq of a vector of the version; 0 for none. */
  lastIds(corpusId: number, versionId: number): Promise<{readonly chunkId: number; readonly seq: number}>
  /** Live chunks without a vector in the version, and their documents. */
  pendingDocuments(corpusId: number, versionId: number): Promise<PendingReport>
  /** When segments (by id) and models (by version id) were last found whole; those never looked at are left out. */
  verifiedAt(): Promise<{
    readonly segments: ReadonlyMap<number, number>
    readonly models: ReadonlyMap<number, number>
  }>
  /** Notes that they were found whole. Ids that are gone are passed over. */
  markVerified(found: VerifiedFiles, atMs: number): Promise<void>
  /**
   * Puts rows right that nothing is lost by putting right, in one step: removes vectors whose chunk or version is gone or whose
   * numbers are unusable (their chunks are then pending), and live chunks whose document is gone; deletes live chunks of deleted
   * documents; corrects the documents' numbers of chunks; counts anew. The corpus's version goes up.
   */
  mendRows(corpusId: number, lease: Lease): Promise<MendedRows>
  /**
   * Puts vectors in the place of damaged ones, under their seqs; those that are gone are passed over. The corpus's version goes up.
   * @throws RagError LEASE_LOST
   */
  replaceVectors(
    versionId: number,
    vectors: readonly {readonly seq: number; readonly vector: Float32Array}[],
    lease: Lease,
  ): Promise<void>
  /** The tables whose rows carry checksums, each with the number of its last row. */
  checkedTables(): Promise<readonly {readonly table: string; readonly last: number}[]>
  /** Rows of such a table with numbers after `after`, ascending: is each what was stored? */
  checkChecksums(table: string, page: PageOfRows): Promise<RowsReport>
  /**
   * Mends rows that are not what was stored, in one step: sets a single flipped bit right, which the checksum tells; removes what can be
   * made anew (vectors, segments); marks documents that need it, so that the next ingest reads them anew. The versions of all corpora go up.
   * `lease` must be that of the whole store. @throws RagError LEASE_LOST
   */
  mendDamagedRows(lease: Lease): Promise<DamagedRowsMended>
  /** Nothing but the corpus's version goes up: who has its index open, opens it anew. */
  raiseVersion(corpusId: number, lease: Lease): Promise<void>
}

export interface PageOfRows {
  readonly after: number
  readonly limit: number
}

export interface RowsReport {
  /** Rows looked at; fewer than the page's limit at the end. */
  readonly checked: number
  readonly last: number
  /** Numbers of rows that are not what was stored. */
  readonly damaged: readonly number[]
}

export interface DamagedRowsMended {
  /** Rows whose flipped bit was set right. */
  readonly flipped: number
  readonly vectorsRemoved: number
  readonly segmentsRemoved: number
  /** Documents that the next ingest reads anew. */
  readonly documentsMarked: number
  /** Rows that nothing stored can mend, as `TABLE KEY`. */
  readonly left: readonly string[]
}

export interface StructureReport {
  /** What the database says of itself, at most some 20 lines; empty when it is whole. */
  readonly faults: readonly string[]
  /** Corpora whose keyword index is damaged, with what is said of it. */
  readonly keywords: readonly {readonly corpusId: number; readonly fault: string}[]
  /** Rows that point at rows which are gone. */
  readonly references: readonly {readonly table: string; readonly parent: string; readonly count: number}[]
}

export type RowFaultKind =
  | 'chunk-count'
  | 'chunk-orphan'
  | 'chunk-of-deleted'
  | 'text'
  | 'vector-orphan'
  | 'vector'
  | 'keyword-count'
  | 'keyword-terms'
  | 'keyword-totals'
  | 'keyword-leftovers'
  | 'counts'

/** So many rows have this fault; some of them by name. */
export interface RowFault {
  readonly kind: RowFaultKind
  readonly count: number
  readonly examples: readonly string[]
}

export interface Page {
  readonly after: number
  readonly limit: number
}

/** Some terms that a chunk has. */
export interface ExpectedTerms {
  readonly chunkId: number
  readonly terms: readonly string[]
}

export interface KeywordExpectation {
  /** Fingerprint of the analyser that made the terms. */
  readonly analyser: string
  readonly chunks: readonly ExpectedTerms[]
}

export interface PageReport {
  /** Rows looked at; fewer than the page's limit at the end. */
  readonly checked: number
  readonly bytes: number
  readonly last: number
  readonly faults: readonly RowFault[]
}

export interface PendingReport {
  readonly chunks: number
  readonly documents: number
  /** Ids of some of the documents. */
  readonly examples: readonly string[]
}

export interface VerifiedFiles {
  readonly segments: readonly number[]
  /** Ids of the models' embedding versions. */
  readonly models: readonly number[]
}

export interface MendedRows {
  readonly vectorsRemoved: number
  /** Of the removed, those of live chunks, which are pending now. */
  readonly nowPending: number
  readonly chunksRemoved: number
  readonly chunksDeleted: number
  readonly documentsRecounted: number
}

/** How many faulty rows are named. */
export const FAULT_EXAMPLES = 5
