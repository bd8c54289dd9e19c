import type {ChunkPut} from '../../../model/batch.js'
import type {StoredChunk} from '../../../model/chunk.js'
import type {Metadata} from '../../../model/metadata.js'
import {insertInto, setting, withChecksum, type RowNumbers} from '../checksums/checked-writes.js'
import type {Connection} from '../connection.js'

interface ChunkRow {
  id: number
  document_id: number
  doc_id: string
  title: string
  language: string
  document_metadata: string
  ordinal: number
  start_line: number
  end_line: number
  tokens: number
  overlap: number
  content_hash: string
  heading: string
  metadata: string | null
  text: string
}

const SELECT = `SELECT c.id, c.document_id, d.doc_id, d.title, d.language, d.metadata AS document_metadata, c.ordinal,
  c.start_line, c.end_line, c.tokens, c.overlap, lower(hex(c.content_hash)) AS content_hash, c.heading, c.metadata, c.text
  FROM chunks c JOIN documents d ON d.id = c.document_id`

function toChunk(row: ChunkRow): StoredChunk {
  const document = JSON.parse(row.document_metadata) as Metadata
  return {
    id: row.id,
    documentId: row.document_id,
    docId: row.doc_id,
    ordinal: row.ordinal,
    title: row.title,
    language: row.language,
    text: row.text,
    heading: JSON.parse(row.heading) as string[],
    startLine: row.start_line,
    endLine: row.end_line,
    tokens: row.tokens,
    overlap: row.overlap,
    contentHash: row.content_hash,
    metadata: row.metadata === null ? document : {...document, ...(JSON.parse(row.metadata) as Metadata)},
  }
}

export function readChunks(on: Connection, ids: readonly number[]): readonly StoredChunk[] {
  const rows = on
    .sql<ChunkRow>(`${SELECT} WHERE c.id IN (SELECT value FROM json_each(?)) AND c.deleted_at_ms IS NULL`)
    .all(JSON.stringify(ids))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row ? [toChunk(row)] : []
  })
}

export function documentChunks(
  on: Connection,
  documentId: number,
  range?: {readonly from: number; readonly to: number},
): readonly StoredChunk[] {
  return on
    .sql<ChunkRow>(
      `${SELECT} WHERE c.document_id = ? AND c.deleted_at_ms IS NULL AND c.ordinal BETWEEN ? AND ? ORDER BY c.ordinal`,
    )
    .all(documentId, range?.from ?? 0, range?.to ?? Number.MAX_SAFE_INTEGER)
    .map(toChunk)
}

/** A row of the document being committed, live or soft-deleted, as far as matching needs it. */
export interface OldChunk {
  readonly id: number
  readonly input_hash: string
  readonly deleted: 0 | 1
  readonly metadata: string | null
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
  deleted_at_ms: 'NULL',
})} WHERE id = $id`

/** Moves a kept chunk to its new place and brings it back to life if it was soft-deleted. Its text is the same by its hash. */
export function keepChunk(on: Connection, id: number, chunk: ChunkPut): void {
  const {ordinal, startLine, endLine, tokens, overlap} = chunk
  on.sql(KEEP).run({ordinal, startLine, endLine, tokens, overlap, metadata: metadataColumn(chunk), id})
}

const DELETE = `UPDATE chunks SET ${setting('chunks', {deleted_at_ms: '$now'})} WHERE id = $id`

export function softDeleteChunk(on: Connection, id: number): void {
  on.sql(DELETE).run({now: on.clock.now(), id})
}

/** A chunk's own metadata as stored; nothing for a chunk that has none. */
export function metadataColumn({metadata}: ChunkPut): string | null {
  return metadata ? JSON.stringify(metadata) : null
}
