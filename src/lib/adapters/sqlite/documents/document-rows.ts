import type {DocumentBatch, DocumentPut} from '../../../model/batch.js'
import type {SourceState} from '../../../model/document.js'
import type {Connection} from '../connection.js'
import {SOURCE_COLUMNS, sourceValues, type DocumentRow} from './document-columns.js'

// Statements of what is done for each document: whole texts, so that none is put together anew each time.
const SET_SOURCE = SOURCE_COLUMNS.map((name) => `${name} = ?`).join(', ')
const NOTE_SOURCE = `UPDATE documents SET ${SET_SOURCE} WHERE id = ?`
const INSERT = `INSERT INTO documents (corpus_id, doc_id, doc_hash, title, language, metadata, chunk_count, changed_version,
  created_at_ms, updated_at_ms, ${SOURCE_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (corpus_id, doc_id) DO NOTHING`
const IF_LIVE = 'WHERE corpus_id = ? AND doc_id = ? AND deleted_at_ms IS NULL'
const TOUCH = `UPDATE documents SET ${SET_SOURCE} ${IF_LIVE}`
const PATCH = `UPDATE documents SET metadata = json_patch(metadata, ?), changed_version = ? ${IF_LIVE}
  AND metadata <> json_patch(metadata, ?)`
const UPDATE = `UPDATE documents SET doc_hash = ?, title = ?, language = ?, metadata = ?, chunk_count = ?, changed_version = ?,
  updated_at_ms = ?, deleted_at_ms = NULL, ${SET_SOURCE} WHERE id = ?`

/** A commit, by what it makes of the corpus. */
interface Write {
  readonly corpusId: number
  /** Of the corpus once it is done. */
  readonly version: number
}

/** A row by its id, a softly deleted one too. */
export function findDocument(on: Connection, corpusId: number, docId: string): DocumentRow | undefined {
  return on
    .sql<DocumentRow>('SELECT * FROM documents WHERE corpus_id = ? AND doc_id = ?')
    .get(corpusId, docId)
}

/** The id of the new row; nothing when there is one of the document. */
export function insertDocument(
  on: Connection,
  {corpusId, version}: Write,
  document: DocumentPut,
): number | undefined {
  const now = on.clock.now()
  const {source} = document
  // Written out: to lay arrays together costs as much as half of what the database does with them.
  const {changes, lastInsertRowid} = on
    .sql(INSERT)
    .run(
      corpusId,
      document.docId,
      document.docHash,
      document.title,
      document.language,
      JSON.stringify(document.metadata),
      document.chunks.length,
      version,
      now,
      now,
      source.source,
      source.root ?? null,
      source.sizeBytes ?? null,
      source.mtimeMs ?? null,
      source.sha256 ?? null,
      source.readAtMs ?? null,
      source.pipeline ?? null,
    )
  return changes === 0 ? undefined : Number(lastInsertRowid)
}

export function updateDocument(
  on: Connection,
  {id, version}: {readonly id: number; readonly version: number},
  document: DocumentPut,
): void {
  on.sql(UPDATE).run(
    ...contentValues(document),
    version,
    on.clock.now(),
    ...sourceValues(document.source),
    id,
  )
}

function contentValues(document: DocumentPut): (string | number)[] {
  return [
    document.docHash,
    document.title,
    document.language,
    JSON.stringify(document.metadata),
    document.chunks.length,
  ]
}

/** Where a document that did not change was read this time. */
export function noteSource(on: Connection, id: number, source: SourceState): void {
  on.sql(NOTE_SOURCE).run(...sourceValues(source), id)
}

/** Where a document that did not change was read, and what else is known of it now. Returns 1 when a search can see the difference. */
export function touchDocument(
  on: Connection,
  {corpusId, version}: Write,
  {docId, source, metadata}: DocumentBatch['touch'][number],
): number {
  on.sql(TOUCH).run(...sourceValues(source), corpusId, docId)
  if (!metadata) return 0
  const patch = JSON.stringify(metadata)
  return on.sql(PATCH).run(patch, version, corpusId, docId, patch).changes
}
