import type {DocumentRecord, KnownSource, SourceState} from '../../model/document.js'
import type {Metadata} from '../../model/metadata.js'
import type {DocumentStore} from '../../ports/store.js'
import {documentChunks, readChunks} from './chunk-table.js'
import {commitBatch} from './commit-batch.js'
import type {Connection} from './connection.js'
import {documentClause} from './filter-clause.js'
import {purgeDocuments} from './purge-documents.js'

interface SourceColumns {
  source: string
  root: string | null
  source_size_bytes: number | null
  source_mtime_ms: number | null
  source_sha256: string | null
  source_read_at_ms: number | null
  source_pipeline: string | null
}

export interface DocumentRow extends SourceColumns {
  id: number
  doc_id: string
  doc_hash: string
  language: string
  chunk_count: number
  created_at_ms: number
  updated_at_ms: number
  deleted_at_ms: number | null
  title: string
  metadata: string
}

/** The source's columns in the order of `SOURCE_COLUMNS`. */
export function sourceValues(source: SourceState): (string | number | null)[] {
  return [
    source.source,
    source.root ?? null,
    source.sizeBytes ?? null,
    source.mtimeMs ?? null,
    source.sha256 ?? null,
    source.readAtMs ?? null,
    source.pipeline ?? null,
  ]
}

export const SOURCE_COLUMNS = [
  'source',
  'root',
  'source_size_bytes',
  'source_mtime_ms',
  'source_sha256',
  'source_read_at_ms',
  'source_pipeline',
] as const

export function toSource(row: SourceColumns): SourceState {
  return {
    source: row.source,
    ...(row.root === null ? {} : {root: row.root}),
    ...(row.source_size_bytes === null ? {} : {sizeBytes: row.source_size_bytes}),
    ...(row.source_mtime_ms === null ? {} : {mtimeMs: row.source_mtime_ms}),
    ...(row.source_sha256 === null ? {} : {sha256: row.source_sha256}),
    ...(row.source_read_at_ms === null ? {} : {readAtMs: row.source_read_at_ms}),
    ...(row.source_pipeline === null ? {} : {pipeline: row.source_pipeline}),
  }
}

function toRecord(row: DocumentRow): DocumentRecord {
  return {
    id: row.id,
    docId: row.doc_id,
    docHash: row.doc_hash,
    title: row.title,
    language: row.language,
    source: toSource(row),
    metadata: JSON.parse(row.metadata) as Metadata,
    chunks: row.chunk_count,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}

export function documentStore(on: Connection): DocumentStore {
  return {
    commit: (corpusId, batch, lease) => on.write(lease, () => commitBatch(on, corpusId, batch)),
    listSources: (corpusId) => on.read(() => listSources(on, corpusId)),
    getDocument: (corpusId, docId) =>
      on.read(() => {
        const row = on
          .sql<DocumentRow>(
            'SELECT * FROM documents WHERE corpus_id = ? AND doc_id = ? AND deleted_at_ms IS NULL',
          )
          .get(corpusId, docId)
        return row && toRecord(row)
      }),
    listDocuments: (corpusId, {filters = [], limit, offset = 0}) =>
      on.read(() => {
        const where = documentClause(filters)
        const from = `FROM documents d WHERE d.corpus_id = ? AND d.deleted_at_ms IS NULL AND ${where.sql}`
        const total = on
          .sql<number>(`SELECT count(*) ${from}`)
          .pluck()
          .get(corpusId, ...where.params) as number
        const rows = on
          .sql<DocumentRow>(`SELECT d.* ${from} ORDER BY d.doc_id LIMIT ? OFFSET ?`)
          .all(corpusId, ...where.params, limit ?? -1, offset)
        return {documents: rows.map(toRecord), total}
      }),
    documentChunks: (documentId, range) => on.read(() => documentChunks(on, documentId, range)),
    readChunks: (ids) => on.read(() => readChunks(on, ids)),
    purgeDocuments: (corpusId, docIds, lease) => purgeDocuments(on, {corpusId, docIds, lease}),
  }
}

function listSources(on: Connection, corpusId: number): readonly KnownSource[] {
  return on
    .sql<SourceColumns & {doc_id: string; doc_hash: string}>(
      `SELECT doc_id, doc_hash, ${SOURCE_COLUMNS.join(', ')} FROM documents
       WHERE corpus_id = ? AND deleted_at_ms IS NULL ORDER BY doc_id`,
    )
    .all(corpusId)
    .map((row) => ({docId: row.doc_id, docHash: row.doc_hash, source: toSource(row)}))
}
