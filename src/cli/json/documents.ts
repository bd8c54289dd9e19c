import type {
  DocumentDeleteResult,
  DocumentEntry,
  DocumentListResult,
  DocumentShowResult,
  DocumentUpsertResult,
} from '../../contract/index.js'
import {
  chunkName,
  joinChunks,
  linesOf,
  placeOf,
  type DeleteReport,
  type DocumentList,
  type DocumentRecord,
  type DocumentReport,
  type UpsertReport,
} from '../../lib/index.js'
import {placeJson} from './place.js'

/** A document as `rag docs list` tells of it. */
export function documentJson(document: DocumentRecord): DocumentEntry {
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
export function documentListJson({documents, total}: DocumentList): DocumentListResult {
  return {documents: documents.map(documentJson), total}
}

/** `rag docs show --json`; with the chunks themselves, or the text, when asked for. */
export function documentReportJson(
  report: DocumentReport,
  withParts: {readonly chunks: boolean; readonly text: boolean},
): DocumentShowResult {
  const {document, chunks, embedded} = report
  const list = chunks.map((chunk) => ({
    chunk_id: chunkName(chunk.docId, chunk.ordinal),
    text: chunk.text,
    heading: chunk.heading,
    lines: linesOf(placeOf(chunk)) ?? null,
    place: placeJson(placeOf(chunk)),
    tokens: chunk.tokens,
    content_hash: chunk.contentHash,
    metadata: chunk.metadata,
  }))
  return {
    ...documentJson(document),
    embedded,
    chunk_list: withParts.chunks ? list : undefined,
    text: withParts.text ? joinChunks(chunks) : undefined,
  }
}

/** `rag docs upsert --json`. There is no job: the document is stored when the answer is given. */
export function upsertJson(report: UpsertReport): DocumentUpsertResult {
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
export function deleteJson(report: DeleteReport): DocumentDeleteResult {
  const {deleted, missing, hard} = report
  const all = [...deleted, ...missing]
  return {
    deleted: missing.length === 0,
    doc_id: all.length === 1 ? all[0]! : null,
    chunks_deleted: report.chunksDeleted,
    job_id: null,
    documents: [
      ...deleted.map((docId) => ({doc_id: docId, deleted: true})),
      ...missing.map((docId) => ({doc_id: docId, deleted: false})),
    ],
    corpus_version: report.corpusVersion,
    hard: hard && {
      rows_removed: hard.rowsRemoved,
      vectors_removed: hard.vectorsRemoved,
      segments_rewritten: hard.segmentsRewritten,
      cache_entries_removed: hard.cacheEntriesRemoved,
      kept_version_dropped: hard.keptVersionDropped ?? null,
      resumed: hard.resumed,
      finished: hard.finished,
      proof: hard.proof,
      byte_proof: hard.bytes,
    },
  }
}

/** A moment as ISO 8601, to the millisecond, in UTC. */
export function iso(ms: number): string {
  return new Date(ms).toISOString()
}
