/**
 * What goes into every operation and what comes out of it, as data.
 *
 * The command line, and every other face of the product, shows the same operations. Here each is said once: a **request** is what flags, the body of
 * an HTTP call, the payload of a job or the input of a tool become; a **result** is what `--json` prints and what any other face answers. Both are zod
 * schemas with `snake_case` names; their descriptions are the field tables of `docs/json.md`, and `docs/schemas` has them as JSON Schema.
 *
 * Terms: a *command* is an operation by the words that ask for it on the command line; a *result* is one JSON document; a *line* is one document
 * of many (JSON Lines, events of a watch); a *failure* is an error with `code`, `message` and `hint`.
 *
 * Promises:
 * - a field may be added to a result; none is renamed or removed. The schemas here refuse a field that they do not know, so that a test
 *   notices one that nobody described; the JSON Schemas of results let it pass, so that a client does not break on it;
 * - a request with a field that is not known is refused. What its fields may not be together is for the operation to refuse, in its own words;
 * - times are ISO 8601 in UTC, sizes are bytes, durations are seconds unless the name ends in `_ms`; a field of a request has the name of its flag;
 * - the closed sets (modes, error codes, findings) are equal to those of the model, by the compiler;
 * - the command line takes types from here and nothing else: a cold `rag search` loads no zod.
 */
export {COMMANDS, SHAPES} from './commands.js'
export type {CommandContract, CommandName, CommandResult} from './commands.js'
export {errorResult} from './parts/error.js'
export type {ErrorResult} from './parts/error.js'
export type {Data} from './parts/values.js'
export type {AskResult, CitationData} from './ask.js'
export type {BackupCorpusData, BackupResult} from './backup.js'
export type {CacheRemovalResult, CacheStatsResult, CacheTableData, CacheWarmResult} from './cache.js'
export type {CompletionResult} from './completion.js'
export type {ConfigResult} from './config.js'
export type {CorpusDeleteResult, CorpusListResult, CorpusShowResult} from './corpus.js'
export type {
  DocumentDeleteResult,
  DocumentEntry,
  DocumentListResult,
  DocumentShowResult,
  DocumentUpsertResult,
} from './documents.js'
export type {ExamplesResult} from './examples.js'
export type {ExportResult} from './export.js'
export type {BatchesOut, IngestPlanData, IngestResult} from './ingest.js'
export type {
  ListedModelData,
  ModelFacts,
  ModelListResult,
  ModelPullResult,
  ModelShowResult,
} from './models.js'
export type {PlaceData} from './parts/place.js'
export type {RebuildResult} from './rebuild.js'
export type {BatchFileData, ReplayResult} from './replay.js'
export type {RestoreResult} from './restore.js'
export type {CacheUseData, HitData, QueriesResult, QueryLine, SearchResult} from './search.js'
export type {
  ProfileResult,
  SessionDeleteResult,
  SessionEntry,
  SessionExportFileResult,
  SessionExportResult,
  SessionListResult,
  SessionMessageData,
  SessionShowResult,
} from './sessions.js'
export type {StatusResult} from './status.js'
export type {VerifyResult} from './verify.js'
export type {WatchLine, WatchStanding, WatchTotals} from './watch.js'
