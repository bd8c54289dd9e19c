import type {SourceState} from '../../../model/document.js'

/** Where a document came from, as columns. */
export interface SourceColumns {
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
  corpus_id: number
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

export function sourceColumns(source: SourceState): SourceColumns {
  return {
    source: source.source,
    root: source.root ?? null,
    source_size_bytes: source.sizeBytes ?? null,
    source_mtime_ms: source.mtimeMs ?? null,
    source_sha256: source.sha256 ?? null,
    source_read_at_ms: source.readAtMs ?? null,
    source_pipeline: source.pipeline ?? null,
  }
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
