import {columnKey, RowChecksum} from './row-checksum.js'

/** The tables whose rows carry a checksum, with all columns that it covers: all there are. */
export const CHECKED_COLUMNS = {
  corpora: [
    'id',
    'name',
    'settings',
    'version',
    'keywords_removed',
    'counts',
    'counted_version',
    'created_at_ms',
    'updated_at_ms',
    'state',
    'forgotten_version',
  ],
  embedding_versions: [
    'id',
    'corpus_id',
    'number',
    'provider',
    'model',
    'dimension',
    'fingerprint',
    'state',
    'model_file',
    'model_size_bytes',
    'model_sha256',
    'fitted_chunks',
    'created_at_ms',
    'model_verified_at_ms',
    'kept',
    'keeps_old',
    'spec',
  ],
  documents: [
    'id',
    'corpus_id',
    'doc_id',
    'doc_hash',
    'language',
    'source',
    'root',
    'source_size_bytes',
    'source_mtime_ms',
    'source_sha256',
    'source_read_at_ms',
    'source_pipeline',
    'chunk_count',
    'created_at_ms',
    'updated_at_ms',
    'deleted_at_ms',
    'title',
    'metadata',
    'changed_version',
  ],
  chunks: [
    'id',
    'corpus_id',
    'document_id',
    'ordinal',
    'start_line',
    'end_line',
    'tokens',
    'overlap',
    'content_hash',
    'input_hash',
    'deleted_at_ms',
    'heading',
    'metadata',
    'text',
    'place',
  ],
  vectors: ['seq', 'version_id', 'chunk_id', 'kind', 'vector'],
  segments: [
    'id',
    'version_id',
    'first_seq',
    'last_seq',
    'dimension',
    'count',
    'file',
    'size_bytes',
    'sha256',
    'created_at_ms',
    'verified_at_ms',
  ],
  segment_drafts: [
    'id',
    'version_id',
    'first_seq',
    'last_seq',
    'dimension',
    'count',
    'file',
    'size_bytes',
    'sha256',
    'created_at_ms',
  ],
  sessions: ['id', 'user', 'created_at_ms', 'updated_at_ms'],
  messages: [
    'id',
    'session_id',
    'ordinal',
    'role',
    'text',
    'corpus',
    'standalone_query',
    'intent',
    'model',
    'redacted',
    'at_ms',
  ],
  message_sources: ['message_id', 'n', 'corpus', 'doc_id', 'chunk_id', 'start_line', 'end_line', 'place'],
  profiles: ['user', 'profile', 'updated_at_ms'],
  purges: ['id', 'corpus_id', 'begun_at_ms', 'work', 'needles'],
} as const

export type CheckedTable = keyof typeof CHECKED_COLUMNS

export type ColumnOf<Table extends CheckedTable> = (typeof CHECKED_COLUMNS)[Table][number]

export const CHECKED_TABLES = Object.keys(CHECKED_COLUMNS) as readonly CheckedTable[]

/** What makes the checksums of a table's rows: of columns in the order of `CHECKED_COLUMNS`. */
export function checksumOf(table: CheckedTable): RowChecksum {
  let checksum = checksums.get(table)
  if (!checksum) {
    const keys = CHECKED_COLUMNS[table].map((column) => columnKey(table, column))
    checksums.set(table, (checksum = new RowChecksum(keys)))
  }
  return checksum
}

const checksums = new Map<CheckedTable, RowChecksum>()
