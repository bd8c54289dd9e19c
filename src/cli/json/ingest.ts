import type {BatchesOut, IngestPlanData, IngestResult} from '../../contract/index.js'
import type {IngestPlan, IngestReport, LeftBatches} from '../../lib/index.js'
import {failureJson} from './failure.js'

/** `rag ingest --json`. See docs/json.md. */
export function ingestJson(report: IngestReport): IngestResult {
  const {cache} = report
  return {
    corpus: report.corpus,
    model: report.model,
    dimension: report.dimension,
    documents: report.documents,
    chunks: report.chunks,
    cache: {embed_hits: cache.embedHits, embed_misses: cache.embedMisses, hit_rate: cache.hitRate},
    checkpoints: report.checkpoints,
    seconds: report.seconds,
    text_seconds: report.textSeconds,
    documents_per_second: report.documentsPerSecond,
    chunks_per_second: report.chunksPerSecond,
    index_dir: report.indexDir,
    msgpack_out: report.left && leftJson(report.left),
    failed: report.failed,
    faults: report.faults.map(({source, line, message}) => ({source, line: line ?? null, message})),
    ignored: report.ignored,
    notes: report.notes,
    interrupted: report.interrupted,
    error: report.failure && failureJson(report.failure),
  }
}

function leftJson(left: LeftBatches): BatchesOut {
  const {dir, run, files, documents, records, vectors, deleted, bytes, waiting} = left
  return {
    dir,
    run: run ?? null,
    files: files.map(({file, records: count, sizeBytes}) => ({file, records: count, size_bytes: sizeBytes})),
    documents,
    records,
    vectors,
    deleted,
    bytes,
    waiting,
  }
}

/** `rag ingest --dry-run --json`. */
export function planJson(plan: IngestPlan): IngestPlanData {
  const {corpus, add, update, unchanged, remove, failed, ignored} = plan
  return {corpus, dry_run: true, add, update, unchanged, delete: remove, failed, ignored}
}
