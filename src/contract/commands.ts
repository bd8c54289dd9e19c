import type * as z from 'zod'
import {askRequest, askResult} from './ask.js'
import {backupCorpus, backupRequest, backupResult} from './backup.js'
import * as cache from './cache.js'
import {completionRequest, completionResult} from './completion.js'
import {configRequest, configResult} from './config.js'
import * as corpus from './corpus.js'
import * as documents from './documents.js'
import {examplesRequest, examplesResult} from './examples.js'
import {exportRequest, exportResult} from './export.js'
import {batchesOut, ingestPlan, ingestRequest, ingestResult} from './ingest.js'
import * as models from './models.js'
import {rebuildRequest, rebuildResult} from './rebuild.js'
import {batchFile, replayRequest, replayResult} from './replay.js'
import {restoreRequest, restoreResult} from './restore.js'
import * as search from './search.js'
import * as sessions from './sessions.js'
import {failure, inputFailure} from './parts/error.js'
import {metadata, type Data} from './parts/values.js'
import {statusRequest, statusResult} from './status.js'
import {verifyRequest, verifyResult} from './verify.js'
import {watchEvents, watchRequest} from './watch.js'

/** What goes into an operation and what comes out, by the command that shows it. */
export interface CommandContract {
  /** What the request may be; several where the command does one of several things. */
  readonly requests: readonly z.ZodType[]
  /** What `--json` prints, by the words that ask for it: the command itself, or with a flag. `watch` prints one of them a line. */
  readonly results: Readonly<Record<string, z.ZodType>>
  /** What is printed a line when lines are asked for, by the words that ask for it. */
  readonly lines?: Readonly<Record<string, z.ZodType>>
}

/** Every command that has `--json`, by its id. */
export const COMMANDS = {
  ask: {requests: [askRequest], results: {ask: askResult}},
  backup: {requests: [backupRequest], results: {backup: backupResult}},
  cache: {
    requests: [cache.cacheStatsRequest, cache.cachePurgeRequest],
    results: {'cache --stats': cache.cacheStatsResult, 'cache --purge': cache.cacheRemovalResult},
  },
  'cache prune': {requests: [cache.cachePruneRequest], results: {'cache prune': cache.cacheRemovalResult}},
  'cache purge': {requests: [cache.cachePurgeRequest], results: {'cache purge': cache.cacheRemovalResult}},
  'cache stats': {requests: [cache.cacheStatsRequest], results: {'cache stats': cache.cacheStatsResult}},
  'cache warm': {requests: [cache.cacheWarmRequest], results: {'cache warm': cache.cacheWarmResult}},
  completion: {requests: [completionRequest], results: {completion: completionResult}},
  config: {requests: [configRequest], results: {config: configResult}},
  'corpus delete': {
    requests: [corpus.corpusDeleteRequest],
    results: {'corpus delete': corpus.corpusDeleteResult},
  },
  'corpus list': {requests: [corpus.corpusListRequest], results: {'corpus list': corpus.corpusListResult}},
  'corpus show': {requests: [corpus.corpusShowRequest], results: {'corpus show': corpus.corpusShowResult}},
  'docs delete': {
    requests: [documents.documentDeleteRequest],
    results: {'docs delete': documents.documentDeleteResult},
  },
  'docs list': {
    requests: [documents.documentListRequest],
    results: {'docs list': documents.documentListResult},
    lines: {'docs list --format jsonl': documents.documentEntry},
  },
  'docs show': {
    requests: [documents.documentShowRequest],
    results: {'docs show': documents.documentShowResult},
  },
  'docs upsert': {
    requests: [documents.documentUpsertRequest],
    results: {'docs upsert': documents.documentUpsertResult},
  },
  'examples build': {requests: [examplesRequest], results: {'examples build': examplesResult}},
  export: {requests: [exportRequest], results: {export: exportResult}},
  ingest: {requests: [ingestRequest], results: {ingest: ingestResult, 'ingest --dry-run': ingestPlan}},
  'models list': {requests: [models.modelListRequest], results: {'models list': models.modelListResult}},
  'models pull': {requests: [models.modelPullRequest], results: {'models pull': models.modelPullResult}},
  'models show': {requests: [models.modelShowRequest], results: {'models show': models.modelShowResult}},
  rebuild: {requests: [rebuildRequest], results: {rebuild: rebuildResult}},
  replay: {requests: [replayRequest], results: {replay: replayResult}},
  restore: {requests: [restoreRequest], results: {restore: restoreResult}},
  search: {
    requests: [search.searchRequest, search.queriesRequest],
    results: {search: search.searchResult, 'search --queries': search.queriesResult},
    lines: {'search --format jsonl': search.hit, 'search --queries --format jsonl': search.queryLine},
  },
  'sessions delete': {
    requests: [sessions.sessionDeleteRequest],
    results: {'sessions delete': sessions.sessionDeleteResult},
  },
  'sessions export': {
    requests: [sessions.sessionExportRequest],
    results: {
      'sessions export': sessions.sessionExportResult,
      'sessions export --out': sessions.sessionExportFileResult,
    },
    lines: {'sessions export': sessions.sessionMessage},
  },
  'sessions list': {
    requests: [sessions.sessionListRequest],
    results: {'sessions list': sessions.sessionListResult},
  },
  'sessions show': {
    requests: [sessions.sessionShowRequest],
    results: {'sessions show': sessions.sessionShowResult, 'sessions show --user': sessions.profileResult},
  },
  status: {requests: [statusRequest], results: {status: statusResult}},
  verify: {requests: [verifyRequest], results: {verify: verifyResult}},
  watch: {requests: [watchRequest], results: watchEvents},
} as const satisfies Readonly<Record<string, CommandContract>>

/** Shapes that several results hold, by the names that documents and JSON Schemas have for them. */
export const SHAPES: Readonly<Record<string, z.ZodType>> = {
  BackupCorpus: backupCorpus,
  Batch: batchFile,
  BatchesOut: batchesOut,
  BrokenModel: models.brokenModel,
  Corpus: corpus.corpusShowResult,
  Document: documents.documentEntry,
  Failure: failure,
  Hit: search.hit,
  InputFailure: inputFailure,
  Message: sessions.sessionMessage,
  Metadata: metadata,
  Model: models.usableModel,
  ModelFacts: models.modelFacts,
  QueryResult: search.queryResult,
  Session: sessions.sessionEntry,
}

export type CommandName = keyof typeof COMMANDS

type Results = {readonly [C in CommandName]: (typeof COMMANDS)[C]['results']}

/** Any result of any command. */
export type CommandResult = {
  [C in CommandName]: {
    [R in keyof Results[C]]: Results[C][R] extends z.ZodType ? Data<Results[C][R]> : never
  }[keyof Results[C]]
}[CommandName]
