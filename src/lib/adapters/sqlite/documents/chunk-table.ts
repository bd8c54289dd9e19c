import type {ChunkPut} from '../../../model/batch.js'
import type {StoredChunk} from '../../../model/chunk.js'
import type {Metadata} from '../../../model/metadata.js'
import {insertInto, setting, withChecksum, type RowNumbers} from '../checksums/checked-writes.js'
import {isWhole, wholeRows} from '../checksums/whole-rows.js'
import type {Connection} from '../connection.js'
import type {DocumentRow} from './document-columns.js'
import {placeColumn, placeFrom} from './place-column.js'

interface ChunkRow {
  id: number
  document_id: number
  ordinal: number
  start_line: number
  end_line: number
  tokens: number
  overlap: number
  content_hash: Buffer
  deleted_at_ms: number | null
  heading: string
  metadata: string | null
  text: string
  place: string | null
}

/** Chunks as people see them, with what they have of their documents. Damaged ones, and those of damaged documents, are left out. */
class ChunkReader {
  readonly #on: Connection
  readonly #documents = new Map<number, {row: DocumentRow; metadata: Metadata} | undefined>()

  constructor(on: Connection) {
    this.#on = on
  }

  read(rows: readonly ChunkRow[]): StoredChunk[] {
    return wholeRows(this.#on, 'chunks', rows).flatMap((row) => {
      const document = row.deleted_at_ms === null ? this.#documentOf(row) : undefined
      return document ? [toChunk(row, document)] : []
    })
  }

  #documentOf({document_id: id}: ChunkRow): {row: DocumentRow; metadata: Metadata} | undefined {
    if (!this.#documents.has(id)) {
      const rows = this.#on.sql<DocumentRow>('SELECT * FROM documents WHERE id = ?').all(id)
      const [row] = wholeRows(this.#on, 'documents', rows)
      this.#documents.set(id, row && {row, metadata: JSON.parse(row.metadata) as Metadata})
    }
    return this.#documents.get(id)
  }
}

function toChunk(
  row: ChunkRow,
  {row: document, metadata}: {readonly row: DocumentRow; readonly metadata: Metadata},
): StoredChunk {
  return {
    id: row.id,
    documentId: row.document_id,
    docId: document.doc_id,
    ordinal: row.ordinal,
    title: document.title,
    language: document.language,
    text: row.text,
    heading: JSON.parse(row.heading) as string[],
    startLine: row.start_line,
    endLine: row.end_line,
    tokens: row.tokens,
    overlap: row.overlap,
    contentHash: row.content_hash.toString('hex'),
    metadata: row.metadata === null ? metadata : {...metadata, ...(JSON.parse(row.metadata) as Metadata)},
    ...placeFrom(row.place),
  }
}

export function readChunks(on: Connection, ids: readonly number[]): readonly StoredChunk[] {
  const rows = on
    .sql<ChunkRow>('SELECT * FROM chunks WHERE id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(ids))
  const byId = new Map(new ChunkReader(on).read(rows).map((chunk) => [chunk.id, chunk]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

export function documentChunks(
  on: Connection,
  documentId: number,
  range?: {readonly from: number; readonly to: number},
): readonly StoredChunk[] {
  const rows = on
    .sql<ChunkRow>(
      `SELECT * FROM chunks WHERE document_id = ? AND deleted_at_ms IS NULL AND ordinal BETWEEN ? AND ? ORDER BY ordinal`,
    )
    .all(documentId, range?.from ?? 0, range?.to ?? Number.MAX_SAFE_INTEGER)
  return new ChunkReader(on).read(rows)
}

/** A row of the document being committed, live or soft-deleted, as far as matching needs it. */
export interface OldChunk {
  readonly id: number
  readonly input_hash: string
  readonly deleted: 0 | 1
  readonly metadata: string | null
}

/** Ids of rows of a document that are not what was stored: none of them is to be kept. */
export function damagedChunks(on: Connection, documentId: number): ReadonlySet<number> {
  const rows = on.sql<ChunkRow>('SELECT * FROM chunks WHERE document_id = ?').all(documentId)
  return new Set(rows.filter((row) => !isWhole('chunks', row)).map((row) => row.id))
}

export function oldChunks(on: Connection, documentId: number): readonly OldChunk[] {
  return on
    .sql<OldChunk>(
      `SELECT id, lower(hex(input_hash)) AS input_hash, deleted_at_ms IS NOT NULL AS deleted, metadata FROM chunks
       WHERE document_id = ? ORDER BY deleted, ordinal, id`,
    )
    .all(documentId)
}

const INSERT = insertInto('chunks')

export function insertChunk(
  on: Connection,
  owner: {readonly corpusId: number; readonly documentId: number; readonly chunkIds: RowNumbers},
  chunk: ChunkPut,
): number {
  const id = owner.chunkIds.take()
  const values = [
    id,
    owner.corpusId,
    owner.documentId,
    chunk.ordinal,
    chunk.startLine,
    chunk.endLine,
    chunk.tokens,
    chunk.overlap,
    Buffer.from(chunk.contentHash, 'hex'),
    Buffer.from(chunk.inputHash, 'hex'),
    null,
    chunk.heading.length === 0 ? '[]' : JSON.stringify(chunk.heading),
    metadataColumn(chunk),
    chunk.text,
    placeColumn(chunk.place),
  ]
  on.sql(INSERT).run(withChecksum('chunks', values))
  return id
}

const KEEP = `UPDATE chunks SET ${setting('chunks', {
  ordinal: '$ordinal',
  start_line: '$startLine',
  end_line: '$endLine',
  tokens: '$tokens',
  overlap: '$overlap',
  metadata: '$metadata',
  place: '$place',
  deleted_at_ms: 'NULL',
})} WHERE id = $id`

/** Moves a kept chunk to its new place and brings it back to life if it was soft-deleted. Its text is the same by its hash. */
export function keepChunk(on: Connection, id: number, chunk: ChunkPut): void {
  const {ordinal, startLine, endLine, tokens, overlap} = chunk
  const place = placeColumn(chunk.place)
  on.sql(KEEP).run({ordinal, startLine, endLine, tokens, overlap, metadata: metadataColumn(chunk), place, id})
}

const DELETE = `UPDATE chunks SET ${setting('chunks', {deleted_at_ms: '$now'})} WHERE id = $id`

export function softDeleteChunk(on: Connection, id: number): void {
  on.sql(DELETE).run({now: on.clock.now(), id})
}

/** A chunk's own metadata as stored; nothing for a chunk that has none. */
export function metadataColumn({metadata}: ChunkPut): string | null {
  return metadata ? JSON.stringify(metadata) : null
}
