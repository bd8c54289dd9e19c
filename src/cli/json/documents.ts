import {
  chunkName,
  type DeleteReport,
  type DocumentList,
  type DocumentRecord,
  type DocumentReport,
  type UpsertReport,
} from '../../lib/index.js'

/** A document as `rag docs list` tells of it. */
export function documentJson(document: DocumentRecord): Record<string, unknown> {
  return {
    doc_id: document.docId,
    title: document.title,
    source: document.source.source,
    chunks: document.chunks,
    doc_hash: document.docHash,
    updated_at: iso(document.updatedAtMs),
    language: document.language,
    metadata: document.metadata,
    created_at: iso(document.createdAtMs),
  }
}

/** `rag docs list --json`. */
export function documentListJson({documents, total}: DocumentList): Record<string, unknown> {
  return {documents: documents.map(documentJson), total}
}

/** `rag docs show --json`; with the chunks themselves when asked for. */
export function documentReportJson(report: DocumentReport, withChunks: boolean): Record<string, unknown> {
  const {document, chunks, embedded} = report
  const list = chunks.map((chunk) => ({
    chunk_id: chunkName(chunk.docId, chunk.ordinal),
    text: chunk.text,
    heading: chunk.heading,
    lines: [chunk.startLine, chunk.endLine],
    tokens: chunk.tokens,
    content_hash: chunk.contentHash,
    metadata: chunk.metadata,
  }))
  return {...documentJson(document), embedded, ...(withChunks ? {chunk_list: list} : {})}
}

/** `rag docs upsert --json`. There is no job: the document is stored when the answer is given. */
export function upsertJson(report: UpsertReport): Record<string, unknown> {
  return {
    accepted: report.accepted,
    upserted_docs: report.upsertedDocs,
    skipped_docs: report.skippedDocs,
    chunks_created: report.chunksCreated,
    job_id: null,
    doc_id: report.docId,
    corpus_version: report.corpusVersion,
  }
}

/** `rag docs delete --json`. `doc_id` is null when several were named; `documents` has them all. */
export function deleteJson(report: DeleteReport): Record<string, unknown> {
  const {deleted, missing, hard} = report
  const all = [...deleted, ...missing]
  return {
    deleted: missing.length === 0,
    doc_id: all.length === 1 ? all[0] : null,
    chunks_deleted: report.chunksDeleted,
    job_id: null,
    documents: [
      ...deleted.map((docId) => ({doc_id: docId, deleted: true})),
      ...missing.map((docId) => ({doc_id: docId, deleted: false})),
    ],
    corpus_version: report.corpusVersion,
    ...(hard === undefined
      ? {}
      : {
          hard: {
            rows_removed: hard.rowsRemoved,
            vectors_removed: hard.vectorsRemoved,
            segments_rewritten: hard.segmentsRewritten,
            cache_entries_removed: hard.cacheEntriesRemoved,
            kept_version_dropped: hard.keptVersionDropped ?? null,
            proof: hard.proof,
          },
        }),
  }
}

/** A moment as ISO 8601, to the millisecond, in UTC. */
export function iso(ms: number): string {
  return new Date(ms).toISOString()
}
