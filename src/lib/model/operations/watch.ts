import type {ErrorCode} from '../errors/error-table.js'
import type {IngestReport, IngestRequest} from './ingest.js'
import type {ReplayFileReport, ReplayRequest} from './replay.js'

/** What to watch: batches by patterns, or documents in folders. Exactly one of `batches` and `documents`. */
export interface WatchRequest {
  /** `globs` say which; the rest as for `replay`. */
  readonly batches?: Omit<ReplayRequest, 'files' | 'dryRun' | 'strict'> | undefined
  /** `dirs` say which; the rest as for `ingest`. Documents whose file is gone are deleted, when they came from these folders. */
  readonly documents?: IngestRequest | undefined
  /** Between two rounds, default 15,000. */
  readonly intervalMs?: number | undefined
  /** A file that was written less than so long ago, or has changed since the last round, waits. Default 2,000. */
  readonly settleMs?: number | undefined
  /** After so many failures a batch is set aside as `NAME.failed`, with the reason in `NAME.failed.txt`. Default 5. */
  readonly maxFailures?: number | undefined
  /** Begin a round also when the operating system says that something changed. */
  readonly notify?: boolean | undefined
  /** One round, and end. */
  readonly once?: boolean | undefined
}

/** Something that happened, as it happens. */
export type WatchEvent =
  | {readonly kind: 'processed'; readonly file: ReplayFileReport}
  | {
      readonly kind: 'failed'
      readonly file: string
      readonly attempt: number
      /** 0: this run does not try it again. */
      readonly retryInMs: number
      readonly message: string
    }
  | {readonly kind: 'set-aside'; readonly file: string; readonly as: string; readonly message: string}
  | {
      readonly kind: 'ingested'
      readonly report: IngestReport
      readonly renamed: readonly {readonly from: string; readonly to: string}[]
    }
  /** Nothing can be done for now: the service is down, another process writes, the disk is full. It goes on by itself. */
  | {readonly kind: 'waiting'; readonly code: ErrorCode; readonly message: string; readonly retryInMs: number}
  | {readonly kind: 'note'; readonly message: string}
  | ({readonly kind: 'status'} & WatchStatus & WatchTotals)

/** How far behind it is. */
export interface WatchStatus {
  /** Files that are there and not done: settling, waiting for another try, or still to be looked at. */
  readonly waiting: number
  readonly setAside: number
  /** Batches that a manifest beside the others names and that have not come: what their runs delete is kept until they do. */
  readonly missing: number
  /** Age of the oldest of those that wait; 0 when none does. */
  readonly lagMs: number
  /** When something was last done whole; absent before. */
  readonly lastSuccessMs?: number | undefined
  /** Chunks without a vector after the last write; absent before. */
  readonly pending?: number | undefined
}

/** What was done since the start. */
export interface WatchTotals {
  readonly files: number
  readonly inserted: number
  readonly skipped: number
  readonly duplicates: number
  /** Bad records of files that are not whole to this day, at least one a file; of documents, those that can't be read. */
  readonly failed: number
}

export interface WatchReport extends WatchStatus, WatchTotals {
  readonly rounds: number
  readonly interrupted: boolean
  /** What kept a single round (`once`) from doing all. */
  readonly blocked?: {readonly code: ErrorCode; readonly message: string} | undefined
}
