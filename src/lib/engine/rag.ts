import type {ModelList, ModelReport, PulledModel, PullRequest} from '../model/operations/model-reports.js'
import type {AnswerReport, AskRequest} from '../model/operations/answer.js'
import type {BackupReport, RestoreReport} from '../model/operations/backup.js'
import type {ExamplesReport, ExamplesRequest} from '../model/operations/examples.js'
import type {
  IngestPlan,
  IngestReport,
  IngestRequest,
  UpsertReport,
  UpsertRequest,
} from '../model/operations/ingest.js'
import type {VerifyOptions, VerifyReport} from '../model/operations/finding.js'
import type {Filter} from '../model/metadata.js'
import type {SearchReport, SearchRequest} from '../model/operations/query.js'
import type {ExportReport, ExportRequest} from '../model/operations/export.js'
import type {ReplayReport, ReplayRequest} from '../model/operations/replay.js'
import type {RebuildReport, RebuildRequest} from '../model/operations/rebuild.js'
import type {
  CorpusDeletion,
  CorpusReport,
  DeleteReport,
  DocumentList,
  DocumentReport,
  StatusReport,
} from '../model/operations/reports.js'
import type {Profile, Session, SessionSummary} from '../model/session.js'
import type {SessionRemoval, SessionScope} from '../ports/store/session-store.js'
import type {AskCall} from '../answer/ask-tools.js'
import type {BackupOptions} from '../upkeep/backup/backup.js'
import type {ExamplesCall} from '../examples/build-examples.js'
import type {WatchReport, WatchRequest} from '../model/operations/watch.js'
import type {CacheRemoval, CacheScope, CacheStats} from '../ports/store/key-value-cache.js'
import type {CallOptions} from '../model/operations/call.js'
import type {RestoreOptions} from '../upkeep/backup/restore.js'
import type {WatchOptions} from '../watch/watch.js'

/**
 * The library's face: one short method a use case. Made by `openRag`; `close` it when done.
 * Calls that read a store which is not there throw STORE_MISSING; of a corpus, CORPUS_MISSING.
 */
export interface Rag {
  /** Loads, cuts, stores, embeds and indexes documents. Idempotent and resumable. Makes store and corpus when missing. */
  ingest(request: IngestRequest, options?: CallOptions): Promise<IngestReport>
  /** What `ingest` would do. Changes nothing. */
  planIngest(request: IngestRequest, options?: CallOptions): Promise<IngestPlan>
  /**
   * Loads MessagePack batches of records, with their vectors or without. Idempotent and resumable: what is stored already is passed over.
   * Bad records are named and the rest is taken. @throws RagError INPUT_MISSING when nothing matches
   */
  replay(request: ReplayRequest, options?: CallOptions): Promise<ReplayReport>
  /** Keeps loading what is new, until the signal says to stop, or once. What passes by itself is waited for. */
  watch(request: WatchRequest, options?: WatchOptions): Promise<WatchReport>
  /**
   * Writes a corpus, as it is at one instant, into a folder that `replay` makes the same corpus of. Others may write. The same state gives
   * the same files.
   */
  export(request: ExportRequest, options?: CallOptions): Promise<ExportReport>
  search(corpus: string, request: SearchRequest, options?: CallOptions): Promise<SearchReport>
  /**
   * Answers a question from the corpus, with citations; says so when the documents do not answer it. Takes no lease: others may write.
   * @throws RagError CHAT_UNREACHABLE | CHAT_REFUSED | CHAT_BAD_ANSWER: then nothing was kept of it
   */
  ask(corpus: string, request: AskRequest, options?: AskCall): Promise<AnswerReport>
  /**
   * Makes question/answer examples for training from a corpus, as it is at one instant, and writes them to files that appear together or not
   * at all. Without a chat model the same corpus and seed give the same bytes. Takes no lease: others may write.
   * @throws RagError NO_EXAMPLES | CHAT_UNREACHABLE | CHAT_REFUSED | CHAT_BAD_ANSWER | USAGE (a file of others): then no file has changed
   */
  buildExamples(request: ExamplesRequest, options?: ExamplesCall): Promise<ExamplesReport>
  listSessions(
    scope?: SessionScope & {readonly limit?: number | undefined},
  ): Promise<readonly SessionSummary[]>
  /** @throws RagError SESSION_MISSING */
  showSession(id: string): Promise<Session>
  showProfile(user: string): Promise<Profile | undefined>
  /** For good; with `profiles` also what is known of the user. */
  deleteSessions(
    scope: SessionScope,
    options?: {readonly profiles?: boolean | undefined},
  ): Promise<SessionRemoval>
  upsertDocument(request: UpsertRequest, options?: CallOptions): Promise<UpsertReport>
  /** Soft by default: gone from every search at once. `hard`: gone from every file. */
  deleteDocuments(
    corpus: string,
    docIds: readonly string[],
    options?: CallOptions & {readonly hard?: boolean | undefined},
  ): Promise<DeleteReport>
  listDocuments(
    corpus: string,
    options?: {
      readonly filters?: readonly Filter[] | undefined
      readonly limit?: number | undefined
      readonly offset?: number | undefined
    },
  ): Promise<DocumentList>
  /** @throws RagError DOCUMENT_MISSING */
  showDocument(corpus: string, docId: string): Promise<DocumentReport>
  listCorpora(): Promise<readonly CorpusReport[]>
  showCorpus(corpus: string): Promise<CorpusReport>
  /** Removes a corpus with all its documents, vectors and files, for good. */
  deleteCorpus(corpus: string, options?: CallOptions): Promise<CorpusDeletion>
  /**
   * Makes index or vectors anew, beside those in use, and switches when that is complete. Resumable. Without `reembed`,
   * `onlyMissing` and `rollback` nothing is ever embedded.
   */
  rebuild(request: RebuildRequest, options?: CallOptions): Promise<RebuildReport>
  /** What `rebuild` would do. Changes nothing. */
  planRebuild(request: RebuildRequest): Promise<RebuildReport>
  /** Counts, bytes and hits of the caches. */
  cacheStats(): Promise<CacheStats>
  /** Models in the folder of models, whole or not. Needs no store. */
  listModels(): Promise<ModelList>
  /** One model: what it is, how it is used, whether it is as it came. @throws RagError MODEL_MISSING | MODEL_UNUSABLE */
  showModel(name: string): Promise<ModelReport>
  /**
   * Fetches a model into the folder of models, unless it is there. A model that was there stays until the new one is whole.
   * @throws RagError USAGE | MODEL_MISSING | MODEL_UNUSABLE | STORE_READ_ONLY | DISK_FULL | INTERRUPTED
   */
  pullModel(request: PullRequest, call?: CallOptions): Promise<PulledModel>
  /** Removes cached results for good; needs no lease. */
  cachePurge(scope: CacheScope): Promise<CacheRemoval>
  /** Removes what was not used for long, or down to a size. */
  cachePrune(limits: {
    readonly olderThanMs?: number | undefined
    readonly maxBytes?: number | undefined
  }): Promise<CacheRemoval>
  status(): Promise<StatusReport>
  /**
   * Looks over database, index segments and model files, and says what is wrong, how bad, and what mends it. Takes no lease
   * and changes nothing but the dates of the last check; with `repair` it mends what it found, and checks again.
   */
  verify(options?: VerifyOptions, call?: CallOptions): Promise<VerifyReport>
  /** Copies the store, as it is at one instant, into a folder; again into the same one, only what is new. Others may write. */
  backup(dir: string, options?: BackupOptions): Promise<BackupReport>
  /**
   * Puts a backup in the place of what the store holds, or into an empty folder, after every byte of it was checked. In one step:
   * cut off, it has not happened. @throws RagError LEASE_HELD while any corpus is being written | BACKUP_DAMAGED | BACKUP_MISSING
   */
  restore(dir: string, options?: RestoreOptions): Promise<RestoreReport>
  /** Rows of the store that calls have left out because they are not what was stored, since this was last asked, as `TABLE KEY`. */
  takeDamage(): Promise<readonly string[]>
  close(): Promise<void>
}
