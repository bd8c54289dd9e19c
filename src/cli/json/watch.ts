import type {WatchLine, WatchStanding, WatchTotals} from '../../contract/index.js'
import type {WatchEvent, WatchReport} from '../../lib/index.js'
import {ingestJson} from './ingest.js'
import {replayFileJson} from './replay.js'

/** One line of `rag watch --json`. See docs/json.md. */
export function watchEventJson(event: WatchEvent, at: string): WatchLine {
  switch (event.kind) {
    case 'processed':
      return {event: event.kind, at, ...replayFileJson(event.file)}
    case 'failed':
      return {
        event: event.kind,
        at,
        file: event.file,
        attempt: event.attempt,
        retry_in_ms: event.retryInMs,
        message: event.message,
      }
    case 'set-aside':
      return {event: event.kind, at, file: event.file, as: event.as, message: event.message}
    case 'ingested':
      return {event: event.kind, at, ...ingestJson(event.report), renamed: event.renamed}
    case 'waiting':
      return {event: event.kind, at, code: event.code, message: event.message, retry_in_ms: event.retryInMs}
    case 'note':
      return {event: event.kind, at, message: event.message}
    case 'status':
      return {event: event.kind, at, ...totalsJson(event), ...statusJson(event)}
  }
}

/** The last line. */
export function watchReportJson(report: WatchReport, at: string): WatchLine {
  const {rounds, interrupted, blocked} = report
  return {
    event: 'stopped',
    at,
    sweeps: rounds,
    ...totalsJson(report),
    ...statusJson(report),
    interrupted,
    error: blocked && {...blocked, hint: null},
  }
}

function totalsJson({
  files,
  inserted,
  skipped,
  duplicates,
  failed,
}: Pick<WatchReport, 'files' | 'inserted' | 'skipped' | 'duplicates' | 'failed'>): WatchTotals {
  return {files, inserted, skipped, duplicates, failed}
}

function statusJson(
  status: Pick<WatchReport, 'waiting' | 'setAside' | 'missing' | 'lagMs' | 'lastSuccessMs' | 'pending'>,
): WatchStanding {
  const {waiting, setAside, missing, lagMs, lastSuccessMs, pending} = status
  return {
    waiting,
    set_aside: setAside,
    missing,
    lag_ms: lagMs,
    pending: pending ?? null,
    last_success: lastSuccessMs === undefined ? null : new Date(lastSuccessMs).toISOString(),
  }
}
