import type {DocumentBatch, DocumentPut} from '../../../model/batch.js'
import type {SourceState} from '../../../model/document.js'
import {CHECKED_COLUMNS} from '../checksums/checked-tables.js'
import {insertInto, setting, withChecksum, type RowNumbers} from '../checksums/checked-writes.js'
import {isWhole} from '../checksums/whole-rows.js'
import type {Value} from '../checksums/row-checksum.js'
import type {Connection} from '../connection.js'
import {SOURCE_COLUMNS, sourceColumns, type DocumentRow} from './document-columns.js'

// Statements of what is done for each document: whole texts, so that none is put together anew each time.
const SOURCE = setting('documents', Object.fromEntries(SOURCE_COLUMNS.map((name) => [name, `$${name}`])))
const NOTE_SOURCE = `UPDATE documents SET ${SOURCE} WHERE id = $id`
const INSERT = insertInto('documents', 'ON CONFLICT (corpus_id, doc_id) DO NOTHING')
const IF_LIVE = 'WHERE corpus_id = $corpusId AND doc_id = $docId AND deleted_at_ms IS NULL'
const TOUCH = `UPDATE documents SET ${SOURCE} ${IF_LIVE}`
const PATCHED = 'json_patch(metadata, $patch)'
const PATCH = `UPDATE documents SET ${setting('documents', {metadata: PATCHED, changed_version: '$version'})} ${IF_LIVE}
  AND metadata <> ${PATCHED}`
const DELETE = `UPDATE documents SET ${setting('documents', {
  deleted_at_ms: '$now',
  changed_version: '$version',
})} WHERE id = $id`

/** A commit, by what it makes of the corpus. */
interface Write {
  readonly corpusId: number
  /** Of the corpus once it is done. */
  readonly version: number
}

interface Insert extends Write {
  readonly documentIds: RowNumbers
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
  {corpusId, version, documentIds}: Insert,
  document: DocumentPut,
): number | undefined {
  const now = on.clock.now()
  const id = documentIds.next
  const values = documentValues({id, corpusId, version, createdAtMs: now, updatedAtMs: now}, document)
  const {changes} = on.sql(INSERT).run(withChecksum('documents', values))
  return changes === 0 ? undefined : documentIds.take()
}

interface RowOf {
  readonly id: number
  readonly corpusId: number
  readonly version: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A live document's row, in the order of `CHECKED_COLUMNS`. Written out: to lay arrays together takes half as long as the insert. */
function documentValues(
  {id, corpusId, version, createdAtMs, updatedAtMs}: RowOf,
  document: DocumentPut,
): Value[] {
  const {source} = document
  return [
    id,
    corpusId,
    document.docId,
    document.docHash,
    document.language,
    source.source,
    source.root ?? null,
    source.sizeBytes ?? null,
    source.mtimeMs ?? null,
    source.sha256 ?? null,
    source.readAtMs ?? null,
    source.pipeline ?? null,
    document.chunks.length,
    createdAtMs,
    updatedAtMs,
    null,
    document.title,
    JSON.stringify(document.metadata),
    version,
  ]
}

/** Writes a row anew, in the place of what is known of the document. */
export function updateDocument(
  on: Connection,
  {corpusId, version}: Write,
  {known, document}: {readonly known: DocumentRow; readonly document: DocumentPut},
): void {
  const now = on.clock.now()
  const createdAtMs = isWhole('documents', known) ? known.created_at_ms : now
  const row = {id: known.id, corpusId, version, createdAtMs, updatedAtMs: now}
  const values = withChecksum('documents', documentValues(row, document))
  on.sql(UPDATE).run(...values.slice(1), known.id)
}

const UPDATE = `UPDATE documents SET ${[...CHECKED_COLUMNS.documents.slice(1), 'checksum']
  .map((column) => `${column} = ?`)
  .join(', ')} WHERE id = ?`

export function deleteDocument(
  on: Connection,
  {version}: Pick<Write, 'version'>,
  {id}: Pick<DocumentRow, 'id'>,
): void {
  on.sql(DELETE).run({now: on.clock.now(), version, id})
}

/** Where a document that did not change was read this time. */
export function noteSource(on: Connection, known: DocumentRow, source: SourceState): void {
  const columns = sourceColumns(source)
  if (SOURCE_COLUMNS.some((name) => columns[name] !== known[name]))
    on.sql(NOTE_SOURCE).run({...columns, id: known.id})
}

/** Where a document that did not change was read, and what else is known of it now. Returns 1 when a search can see the difference. */
export function touchDocument(
  on: Connection,
  {corpusId, version}: Write,
  {docId, source, metadata}: DocumentBatch['touch'][number],
): number {
  on.sql(TOUCH).run({...sourceColumns(source), corpusId, docId})
  if (!metadata) return 0
  return on.sql(PATCH).run({patch: JSON.stringify(metadata), version, corpusId, docId}).changes
}
