/** The library's face. Nothing else is public. */
export {openRag} from './engine/open-rag.js'
export type {Rag} from './engine/rag.js'
export type {AskCall} from './answer/ask-tools.js'
export type {
  CacheOptions,
  ChatOptions,
  EmbeddingOptions,
  ModelOptions,
  RagOptions,
} from './engine/rag-options.js'
export type {CallOptions} from './model/operations/call.js'
export type {
  ListedModel,
  ModelList,
  ModelReport,
  PulledModel,
  PullRequest,
} from './model/operations/model-reports.js'
export {isModelPath, MODEL_DTYPES} from './model/model-folder.js'
export type {BackupOptions} from './upkeep/backup/backup.js'
export type {RestoreOptions} from './upkeep/backup/restore.js'
export type {AnswerReport, AskRequest, Citation, Intent} from './model/operations/answer.js'
export type {Profile, Session, SessionMessage, SessionSummary} from './model/session.js'
export type {SessionRemoval, SessionScope} from './ports/store/session-store.js'
export type {ChatModel} from './ports/chat-model.js'
export type {KeyValueCache} from './ports/store/key-value-cache.js'
export type {BackupCorpus, BackupReport, LeftOutFile, RestoreReport} from './model/operations/backup.js'
export {ERROR_CODES, exitOf, RagError, reasonOf} from './model/errors.js'
export type {ErrorCode} from './model/errors.js'
export {withoutPassword} from './model/secrets/addresses.js'
export {knownSecrets} from './model/secrets/known-secrets.js'
export {chunkName, corpusName} from './model/names.js'
export type {Place} from './model/block.js'
export {linesOf, placeOf} from './model/place.js'
export type {KeptPlace, LineRange} from './model/place.js'
export type {CorpusName} from './model/names.js'
export type {CorpusSettings} from './model/corpus.js'
export type {DocumentRecord, SourceState} from './model/document.js'
export {joinChunks, type StoredChunk} from './model/chunk.js'
export type {
  InputFailure,
  InputFault,
  IngestPlan,
  IngestReport,
  LeftBatches,
  IngestRequest,
  UpsertReport,
  UpsertRequest,
} from './model/operations/ingest.js'
export type {Finding, FindingCode, Severity, VerifyOptions, VerifyReport} from './model/operations/finding.js'
export type {Filter, Metadata, MetadataValue} from './model/metadata.js'
export type {ProgressEvent} from './model/progress.js'
export type {
  CacheMode,
  CacheUse,
  Hit,
  SearchMode,
  SearchReport,
  SearchRequest,
  SideScore,
  Snippet,
} from './model/operations/query.js'
export type {RebuildAction, RebuildReport, RebuildRequest} from './model/operations/rebuild.js'
export type {ExportReport, ExportRequest} from './model/operations/export.js'
export type {ExamplesCall} from './examples/build-examples.js'
export type {
  DroppedExamples,
  ExampleFile,
  ExampleKind,
  ExamplesReport,
  ExamplesRequest,
} from './model/operations/examples.js'
export type {WatchEvent, WatchReport, WatchRequest, WatchStatus} from './model/operations/watch.js'
export type {WatchOptions} from './watch/watch.js'
export type {ReplayFileReport, ReplayReport, ReplayRequest} from './model/operations/replay.js'
export type {
  CorpusDeletion,
  CorpusReport,
  DeleteReport,
  DocumentList,
  DocumentReport,
  StatusReport,
} from './model/operations/reports.js'
export {parseJson} from './model/input/parse-json.js'
export {modelOrigin} from './model/embedding.js'
export type {ModelSpec, EmbedderIdentity, EmbedInput} from './model/embedding.js'
export type {Embedder} from './ports/embedder.js'
export type {EmbedderProvider} from './ports/embedder-provider.js'
export {CACHE_TABLES} from './ports/store/key-value-cache.js'
export type {
  CacheRemoval,
  CacheScope,
  CacheStats,
  CacheTable,
  CacheTableStats,
} from './ports/store/key-value-cache.js'
export type {Clock, Logger, ProgressSink} from './ports/surroundings.js'
