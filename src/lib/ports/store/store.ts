import type {CommitReceipt, DocumentBatch} from '../../model/batch.js'
import type {StoredChunk} from '../../model/chunk.js'
import type {Corpus, CorpusCounts, CorpusSettings} from '../../model/corpus.js'
import type {DocumentRecord, KnownSource} from '../../model/document.js'
import type {
  EmbeddingVersion,
  NewEmbeddingVersion,
  PendingChunk,
  PendingScope,
  VectorBlock,
  VectorPut,
} from '../../model/embedding.js'
import type {Filter} from '../../model/metadata.js'
import type {CorpusName} from '../../model/names.js'
import type {NewSegment, Segment} from '../../model/segment.js'
import type {Lease, LeaseStore} from './lease.js'
import type {CommitWitness} from './commit-witness.js'
import type {SessionStore} from './session-store.js'
import type {PurgeLog, PurgeWork} from './purge-log.js'
import type {CorpusSnapshots} from './corpus-snapshot.js'
import type {StoreVerifier} from './store-verifier.js'

/**
 * The store is the truth. Every verb is whole: it happens altogether or not at all, and is durable (fsync has happened)
 * when its promise resolves. Verbs that write a corpus take its lease and refuse an old one, or another corpus's (LEASE_LOST).
 * Verbs that only read answer for a corpus or embedding version that is gone as for an empty one.
 * Nothing that is not what was stored is answered: lists leave such rows out (`takeDamage` names them), and what nothing can be said
 * without is refused (STORE_DAMAGED).
 * All of them may throw RagError STORE_BUSY | DISK_FULL | STORE_READ_ONLY | STORE_DAMAGED.
 */
export type Store = CorpusStore &
  CorpusSnapshots &
  DocumentStore &
  VectorStore &
  SegmentLog &
  KeywordIndex &
  LeaseStore &
  PurgeLog &
  SessionStore &
  StoreUpkeep &
  StoreVerifier &
  CommitWitness

export interface CorpusStore {
  /** Makes the corpus, or returns the one there is (its settings are then left as they are). */
  createCorpus(name: CorpusName, settings: CorpusSettings): Promise<Corpus>
  getCorpus(name: CorpusName): Promise<Corpus | undefined>
  listCorpora(): Promise<readonly Corpus[]>
  updateSettings(corpusId: number, settings: CorpusSettings, lease: Lease): Promise<Corpus>
  /** Removes all rows of the corpus for good, its keyword index included. Files are the caller's to vacuum. */
  deleteCorpus(corpusId: number, lease: Lease): Promise<void>
  countCorpus(corpusId: number): Promise<CorpusCounts>
}

export interface DocumentStore {
  /**
   * Applies one batch: documents, chunks, vectors, keyword entries, all or nothing. Idempotent: the same batch again finds
   * every document unchanged. For a changed document, chunks with an equal `inputHash` keep row, keyword entry and vector
   * (place and lines are updated); the others are added before the old ones are soft-deleted.
   * A put of a soft-deleted document brings it back to life and counts as added. Soft-deleted chunks of the document with an
   * equal `inputHash` come back with their vectors, these under new seqs: a segment built meanwhile does not hold the old.
   * A document is unchanged when hash, title, language, metadata and chunks are; another source is then noted all the same,
   * as by a touch. A vector that comes with a kept chunk is stored when the chunk has none or another, under a new seq;
   * the document then counts as updated.
   * Order: puts as they stand (a later one of the same id wins), touches, removes; unknown ids in the last two are passed over.
   * @throws RagError LEASE_LOST | DIMENSION_MISMATCH (a chunk's vector does not fit the live embedding version; NO_VECTORS if there is none)
   */
  commit(corpusId: number, batch: DocumentBatch, lease: Lease): Promise<CommitReceipt>
  /** What a second ingest compares with; live documents, ordered by `docId` (by code point). */
  listSources(corpusId: number): Promise<readonly KnownSource[]>
  getDocument(corpusId: number, docId: string): Promise<DocumentRecord | undefined>
  /**
   * Live documents ordered by `docId`, with the count before `limit` and `offset`. Filters look at the document's own
   * metadata; filters of verbs that answer chunks look at what `StoredChunk.metadata` shows.
   */
  listDocuments(
    corpusId: number,
    options: {
      readonly filters?: readonly Filter[] | undefined
      readonly limit?: number | undefined
      readonly offset?: number | undefined
    },
  ): Promise<{documents: readonly DocumentRecord[]; total: number}>
  /** The live chunks of a document in order; `range` keeps only those whose ordinal is in `[from, to]`. */
  documentChunks(
    documentId: number,
    range?: {readonly from: number; readonly to: number},
  ): Promise<readonly StoredChunk[]>
  /** Live chunks by id, in the order of `ids`; ids that are not there (any more) are left out. */
  readChunks(ids: readonly number[]): Promise<readonly StoredChunk[]>
  /**
   * Which of these are there already: live documents of that id, and chunks of live documents that say the same (`contentHash`, SHA-256
   * of the text). Answers with their `docId`s, in one query however many they are.
   */
  knownContent(corpusId: number, wanted: readonly ContentKey[]): Promise<ReadonlySet<string>>
  /**
   * Removes documents for good: rows, text, vectors, keyword entries, soft-deleted remains of the same ids included, with
   * their bytes overwritten in the file. Says what it removed and what it looked at to be sure. In the same step, models
   * learned from the corpus are marked as to be learned anew (`fittedChunks` 0): they may hold words of what was removed;
   * and answers of conversations that were made from them lose their text. With `work`, what is still to be done is written down as a
   * pending purge, also when no row was there.
   */
  purgeDocuments(
    corpusId: number,
    docIds: readonly string[],
    lease: Lease,
    work?: PurgeWork,
  ): Promise<PurgeReceipt>
}

export interface ContentKey {
  readonly docId: string
  /** Lower-case hex. */
  readonly contentHash: string
}

export interface PurgeReceipt {
  readonly documents: number
  /** Their ids, those of softly deleted ones included. */
  readonly docIds: readonly string[]
  readonly chunks: number
  readonly vectors: number
  /** Seqs that are gone; segments that hold them are to be rewritten. */
  readonly seqs: readonly number[]
  readonly version: number
  /** Each place that was looked at afterwards (rows, keyword entries, bytes of the files) and whether it is free of them. */
  readonly proof: readonly {readonly place: string; readonly absent: boolean}[]
}

export interface VectorStore {
  addEmbeddingVersion(corpusId: number, version: NewEmbeddingVersion, lease: Lease): Promise<EmbeddingVersion>
  listEmbeddingVersions(corpusId: number): Promise<readonly EmbeddingVersion[]>
  /**
   * Makes a version the one that searches use and retires the one before it, in one step; the corpus's version goes up.
   * The one before is marked as `kept` when the version `keepsOld` or `keepOld` is set; the mark of the new one goes, and that of any
   * other with it, as it does by `releaseKept`: one version is kept at most. With `settings` these become the corpus's in the same step.
   * @throws RagError INTERNAL when a live chunk has no vector in it and `allowPending` is not set
   */
  setLiveVersion(
    versionId: number,
    lease: Lease,
    options?: {
      readonly allowPending?: boolean | undefined
      readonly keepOld?: boolean | undefined
      readonly releaseKept?: boolean | undefined
      readonly settings?: CorpusSettings | undefined
    },
  ): Promise<void>
  /**
   * Removes a retired or unfinished version with its vectors and segment rows; with `evenLive` also the live one, after
   * which the corpus has none and its version goes up. @throws RagError INTERNAL for the live one without `evenLive`
   */
  dropEmbeddingVersion(
    versionId: number,
    lease: Lease,
    options?: {readonly evenLive?: boolean | undefined},
  ): Promise<void>
  /** Live chunks without a vector in the version (or, for `undefined`, all live chunks), ascending by chunk id, after `afterId`. */
  pendingChunks(
    corpusId: number,
    versionId: number | undefined,
    page: PendingScope & {readonly afterId: number; readonly limit: number},
  ): Promise<readonly PendingChunk[]>
  countPending(corpusId: number, versionId: number, scope?: PendingScope): Promise<number>
  /**
   * Inputs of live chunks to fit a model on, at most `limit`, chosen and ordered by content alone (never by the order in
   * which they came): the same corpus gives the same sample.
   */
  sampleInputs(corpusId: number, limit: number): AsyncIterable<readonly PendingChunk['input'][]>
  /** Dense vectors of the version by the input hash of their chunk, live or deleted. Missing ones are left out. */
  findVectors(versionId: number, inputHashes: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>
  /**
   * Stores vectors; a chunk that has one already, or is gone, is passed over, but a `dummy` makes room for any other kind,
   * which gets a new seq. Returns the block of dense vectors stored, with their new seqs, ready for the index. A seq is handed out once in the life of the store, in ascending order.
   * Every kind counts as a vector for `pendingChunks`; only `dense` ones are read back. When vectors of the live version
   * are stored, the corpus's version goes up. Those of a version that is being built may also be stored under the `reembedLease`.
   * @throws RagError DIMENSION_MISMATCH | LEASE_LOST
   */
  commitVectors(versionId: number, vectors: readonly VectorPut[], lease: Lease): Promise<VectorBlock>
  /** Dense vectors of live chunks with `seq` in `[from, to]`, ascending, in blocks of at most `blockSize`. */
  readVectors(
    versionId: number,
    range: {
      readonly from: number
      readonly to: number
      /** As other reads do, instead of throwing STORE_DAMAGED: for who can do without some. */
      readonly leaveOutDamaged?: boolean | undefined
    },
    blockSize: number,
  ): AsyncIterable<VectorBlock>
  /** How many dense vectors of live chunks lie in `[from, to]`, and the largest seq among them (0 for none). */
  vectorSpan(
    versionId: number,
    range: {readonly from: number; readonly to: number},
  ): Promise<{count: number; lastSeq: number}>
  /** Live chunk of each seq; seqs whose chunk is gone are left out. */
  chunksOfSeqs(versionId: number, seqs: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** Dense vectors of live chunks, by chunk id; those without are left out. */
  vectorsOfChunks(versionId: number, chunkIds: readonly number[]): Promise<ReadonlyMap<number, Float32Array>>
  /** Seqs of dense vectors whose live chunk passes the filters, ascending. */
  seqsWhere(versionId: number, filters: readonly Filter[]): Promise<Uint32Array>
}

export interface SegmentLog {
  /** Published segments of a version, ascending by `firstSeq`; their ranges do not overlap. */
  listSegments(versionId: number): Promise<readonly Segment[]>
  /**
   * THE commit point of a checkpoint: adds `add` and drops `drop` in one step. Under the `reembedLease` too for a version that is being built.
   * @throws RagError LEASE_LOST | INTERNAL when ranges would overlap, or a segment holds fewer vectors than its range has
   * dense ones of live chunks
   */
  publishSegments(
    versionId: number,
    change: {readonly add: readonly NewSegment[]; readonly drop: readonly number[]},
    lease: Lease,
  ): Promise<void>
  /** Segments that are finished and sealed but not yet searched, ascending by `firstSeq`; their ranges do not overlap. */
  listStaged(versionId: number): Promise<readonly Segment[]>
  /**
   * Keeps finished segments beside the published ones, and drops staged ones by id, in one step. They go with their version.
   * @throws RagError LEASE_LOST | INTERNAL when ranges of staged segments would overlap
   */
  stageSegments(
    versionId: number,
    change: {readonly add: readonly NewSegment[]; readonly drop: readonly number[]},
    lease: Lease,
  ): Promise<void>
  /**
   * Puts all staged segments in the place of all published segments in one step.
   * @throws RagError LEASE_LOST | INTERNAL when one holds fewer vectors than its range has dense ones of live chunks
   */
  publishStaged(versionId: number, lease: Lease): Promise<void>
}

/**
 * BM25 over two columns, title (title and headings, weight `TITLE_WEIGHT`) and body, k1 1.2, b 0.75, idf of Robertson and
 * Spärck Jones but at least 1e-6, as FTS5 has it. Only live chunks of the corpus are returned or enter the statistics.
 */
export interface KeywordIndex {
  /** Best first; ties by chunk id. Scores are positive, larger is better. Chunks holding any of the terms. */
  searchKeywords(corpusId: number, query: KeywordQuery): Promise<readonly KeywordHit[]>
  /** The same score for given chunks; those holding none of the terms are left out. */
  scoreKeywords(
    corpusId: number,
    terms: readonly string[],
    chunkIds: readonly number[],
  ): Promise<ReadonlyMap<number, number>>

  /** Entries removed since the index was made. They may still take room in it: one with many of them is to be made anew. */
  keywordsRemoved(corpusId: number): Promise<number>
  /**
   * Makes the statistics right where an earlier version of rag left removed entries in them; true when they were not, and the
   * corpus's version went up. Statistics that can't be read stay as they are.
   */
  recountKeywords(corpusId: number, lease: Lease): Promise<boolean>
  /** Starts a new, empty index beside the one in use; an unfinished one is thrown away. */
  beginKeywords(corpusId: number, lease: Lease): Promise<void>
  /** Adds entries to the new index. */
  addKeywords(corpusId: number, entries: readonly KeywordEntry[], lease: Lease): Promise<void>
  /**
   * Puts the new index in the place of the old, with the corpus's settings (the analyser among them), in one step.
   * @throws RagError INTERNAL when its entries are not as many as the live chunks
   */
  publishKeywords(corpusId: number, settings: CorpusSettings, lease: Lease): Promise<Corpus>
}

/** Analysed terms of a chunk, space-separated. */
export interface KeywordEntry {
  readonly chunkId: number
  readonly title: string
  readonly body: string
}

export interface KeywordQuery {
  readonly terms: readonly string[]
  readonly limit: number
  readonly filters?: readonly Filter[] | undefined
}

export interface KeywordHit {
  readonly chunkId: number
  readonly score: number
}

export interface StoreUpkeep {
  /** Damaged rows that reads have left out since this was last asked, each once, as `TABLE KEY`. */
  takeDamage(): readonly string[]
  /** Cheap check that the database opens and answers. */
  ping(): Promise<boolean>
  /** Bytes on disk of the database with its log. */
  sizeBytes(): Promise<number>
  /**
   * Removes for good what was soft-deleted in the corpus (chunks of older versions, deleted documents) when it has grown to
   * more than `minRows` rows and `ratio` of the live ones. Returns rows removed.
   */
  removeDeleted(
    corpusId: number,
    limits: {readonly minRows: number; readonly ratio: number},
    lease: Lease,
  ): Promise<number>
  close(): Promise<void>
}
