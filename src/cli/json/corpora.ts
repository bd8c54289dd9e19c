import type {
  CorpusDeleteResult,
  CorpusListResult,
  CorpusShowResult,
  StatusResult,
} from '../../contract/index.js'
import type {CorpusDeletion, CorpusReport, StatusReport} from '../../lib/index.js'
import {iso} from './documents.js'

/** `rag corpus show --json`, and each entry of `rag corpus list --json`. */
export function corpusJson(report: CorpusReport): CorpusShowResult {
  const {settings} = report
  return {
    corpus: report.corpus,
    tenant: report.tenant,
    model: report.model,
    embedding_version: report.embeddingVersion,
    dimension: report.dimension,
    documents: report.documents,
    chunks: report.chunks,
    vectors: report.vectors,
    pending: report.pending,
    dummy: report.dummy,
    segments: report.segments,
    tail: report.tail,
    version: report.version,
    fingerprint: report.fingerprint,
    bytes: report.bytes,
    created_at: iso(report.createdAtMs),
    updated_at: iso(report.updatedAtMs),
    languages: report.languages,
    settings: {
      model: settings.model,
      chunk_size: settings.chunkSize,
      chunk_overlap: settings.chunkOverlap,
      vector_weight: settings.vectorWeight ?? null,
      language: settings.language ?? null,
      dimension: settings.dimension,
      dtype: settings.dtype ?? null,
      pooling: settings.pooling ?? null,
      query_prefix: settings.queryPrefix ?? null,
      passage_prefix: settings.passagePrefix ?? null,
    },
    writer: report.writer ?? null,
    kept_version: report.keptVersion ?? null,
  }
}

/** `rag corpus list --json`. */
export function corpusListJson(reports: readonly CorpusReport[]): CorpusListResult {
  return {corpora: reports.map(corpusJson)}
}

/** `rag corpus delete --json`. */
export function corpusDeletionJson(report: CorpusDeletion): CorpusDeleteResult {
  const {corpus, documents, chunks, bytesFreed} = report
  return {corpus, deleted: true, documents, chunks, bytes_freed: bytesFreed}
}

/** `rag status --json`. The queue is empty until there are jobs. */
export function statusJson(report: StatusReport): StatusResult {
  const {buildInfo} = report
  return {
    ok: report.ok,
    db_ok: report.dbOk,
    index_store_ok: report.indexStoreOk,
    jobqueue_ok: report.jobQueueOk,
    build_info: {version: buildInfo.version, node: buildInfo.node, store_format: buildInfo.storeFormat},
    indices: report.corpora.map((corpus) => ({
      tenant_id: corpus.tenant,
      namespace: corpus.namespace,
      embedding_version: corpus.embeddingVersion,
      ntotal: corpus.vectors,
      dimension: corpus.dimension,
      dirty: isDirty(corpus),
      updated_at: iso(corpus.updatedAtMs),
      pending: corpus.pending,
      tail: corpus.tail,
      segments: corpus.segments,
    })),
    queue: {total: 0, pending: 0, running: 0, completed: 0, failed: 0},
    data_dir: report.dataDir,
    database_bytes: report.databaseBytes,
    unfinished_deletes: report.unfinishedDeletes.map(({corpus, documents, begunAtMs}) => ({
      corpus,
      documents,
      begun_at: iso(begunAtMs),
    })),
    notes: report.notes,
  }
}

/**
 * True when chunks wait for a vector. A tail (vectors that are in no index file yet) is no work waiting: it is kept short, and searched exactly.
 */
export function isDirty({pending}: CorpusReport): boolean {
  return pending > 0
}
