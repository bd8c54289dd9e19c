import type {WatchEvent, WatchReport} from '../../lib/index.js'
import {ingestJson} from './ingest.js'
import {replayFileJson} from './replay.js'

/** One line of `rag watch --json`. See docs/json.md. */
export function watchEventJson(event: WatchEvent, at: string): Record<string, unknown> {
  const head = {event: event.kind, at}
  switch (event.kind) {
    case 'processed':
      return {...head, ...replayFileJson(event.file)}
    case 'failed':
      return {
        ...head,
        file: event.file,
        attempt: event.attempt,
        retry_in_ms: event.retryInMs,
        message: event.message,
      }
    case 'set-aside':
      return {...head, file: event.file, as: event.as, message: event.message}
    case 'ingested':
      return {...head, ...ingestJson(event.report), renamed: event.renamed}
    case 'waiting':
      return {...head, code: event.code, message: event.message, retry_in_ms: event.retryInMs}
    case 'note':
      return {...head, message: event.message}
    case 'status':
      return {...head, ...totalsJson(event), ...statusJson(event)}
  }
}

/** The last line. */
export function watchReportJson(report: WatchReport, at: string): Record<string, unknown> {
  const {sweeps, interrupted, blocked} = report
  return {
    event: 'stopped',
    at,
    sweeps,
    ...totalsJson(report),
    ...statusJson(report),
    interrupted,
    ...(blocked ? {error: {...blocked, hint: null}} : {}),
  }
}

function totalsJson({
  files,
  inserted,
  skipped,
  duplicates,
  failed,
}: Pick<WatchReport, 'files' | 'inserted' | 'skipped' | 'duplicates' | 'failed'>): Record<string, number> {
  return {files, inserted, skipped, duplicates, failed}
}

function statusJson(
  status: Pick<WatchReport, 'waiting' | 'setAside' | 'lagMs' | 'lastSuccessMs' | 'pending'>,
): Record<string, unknown> {
  const {waiting, setAside, lagMs, lastSuccessMs, pending} = status
  return {
    waiting,
    set_aside: setAside,
    lag_ms: lagMs,
    pending: pending ?? null,
    last_success: lastSuccessMs === undefined ? null : new Date(lastSuccessMs).toISOString(),
  }
}
