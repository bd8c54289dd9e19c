import type {BatchFileData, ReplayResult} from '../../contract/index.js'
import type {ReplayFileReport, ReplayReport} from '../../lib/index.js'
import {failureJson} from './failure.js'

/** `rag replay --json`. See docs/json.md. */
export function replayJson(report: ReplayReport): ReplayResult {
  const {cache} = report
  return {
    corpus: report.corpus,
    model: report.model,
    dimension: report.dimension,
    dry_run: report.dryRun,
    files: report.files.map(replayFileJson),
    missing: report.missing,
    inserted: report.inserted,
    skipped: report.skipped,
    duplicates: report.duplicates,
    failed: report.failed,
    dummies: report.dummies,
    chunks: report.chunks,
    cache: {embed_hits: cache.embedHits, embed_misses: cache.embedMisses, hit_rate: cache.hitRate},
    checkpoints: report.checkpoints,
    seconds: report.seconds,
    records_per_second: report.recordsPerSecond,
    failures: report.failures,
    notes: report.notes,
    interrupted: report.interrupted,
    error: report.failure && failureJson(report.failure),
  }
}

/** One file, as in every JSON output about batches. */
export function replayFileJson(report: ReplayFileReport): BatchFileData {
  const {file, records, inserted, skipped, duplicates, failed, error, whole, archivedAs} = report
  return {file, records, inserted, skipped, duplicates, failed, error, whole, archived_as: archivedAs}
}
