import {existsSync} from 'node:fs'
import type {Corpus} from '../../../model/corpus.js'
import type {EmbeddingVersion, VectorKind} from '../../../model/embedding.js'
import type {Filter, Metadata} from '../../../model/metadata.js'
import type {
  CorpusSnapshot,
  CorpusSnapshots,
  ReadableChunk,
  ReadableDocument,
  SnapshotChunk,
  SnapshotDocument,
} from '../../../ports/store/corpus-snapshot.js'
import {requireWhole} from '../checksums/whole-rows.js'
import {Connection} from '../connection.js'
import {toCorpus, type CorpusRow} from '../documents/corpus-table.js'
import {toSource, type DocumentRow} from '../documents/document-columns.js'
import {placeFrom} from '../documents/place-column.js'
import {documentClause} from '../filter-clause.js'
import {openDatabase} from '../open-database.js'
import {bytesToVector} from '../vectors/vector-bytes.js'
import {toVersion, type VersionColumns} from '../vectors/version-table.js'

export function corpusSnapshots(on: Connection): CorpusSnapshots {
  return {
    openSnapshot: async (name) => {
      const own = await ownConnection(on)
      const [corpus] = requireWhole(
        own.on,
        'corpora',
        own.on.sql<CorpusRow>('SELECT * FROM corpora WHERE name = ?').all(name),
      )
      if (corpus) return new SqliteSnapshot(own.on, toCorpus(corpus), own.close)
      own.close()
      return undefined
    },
  }
}

/**
 * A connection of its own with a read transaction that stays open: it sees one state of the database. A private copy, which nobody else
 * writes, is one state anyway.
 */
async function ownConnection(on: Connection): Promise<{on: Connection; close: () => void}> {
  if (!existsSync(on.db.name)) return {on, close: () => undefined}
  const db = await openDatabase(on.path, 'read')
  db.exec('BEGIN')
  return {on: new Connection(db, on.clock, on.path), close: () => void db.close()}
}

class SqliteSnapshot implements CorpusSnapshot {
  readonly corpus: Corpus
  readonly live: EmbeddingVersion | undefined
  readonly #on: Connection
  readonly #close: () => void

  constructor(on: Connection, corpus: Corpus, close: () => void) {
    this.corpus = corpus
    this.#on = on
    this.#close = close
    const live = on
      .sql<VersionColumns>("SELECT * FROM embedding_versions WHERE corpus_id = ? AND state = 'live'")
      .get(corpus.id)
    this.live = live && toVersion(live)
  }

  async count(since = -1): Promise<{documents: number; chunks: number; empty: number}> {
    return this.#on
      .sql<{documents: number; chunks: number; empty: number}>(
        `SELECT count(*) AS documents, coalesce(sum(chunk_count), 0) AS chunks, count(*) FILTER (WHERE chunk_count = 0) AS empty
         FROM documents WHERE corpus_id = ? AND deleted_at_ms IS NULL AND changed_version > ?`,
      )
      .get(this.corpus.id, since)!
  }

  async *documents(since = -1): AsyncGenerator<SnapshotDocument> {
    const ids = this.#on
      .sql<{id: number}>(
        `SELECT d.id FROM documents d WHERE d.corpus_id = ? AND d.deleted_at_ms IS NULL AND d.changed_version > ?
         ORDER BY (SELECT min(c.id) FROM chunks c WHERE c.document_id = d.id AND c.deleted_at_ms IS NULL), d.doc_id`,
      )
      .all(this.corpus.id, since)
    for (const {id} of ids) yield this.#document(id)
  }

  async *readThrough(filters: readonly Filter[] = []): AsyncGenerator<ReadableDocument> {
    const where = documentClause(filters)
    const ids = this.#on
      .sql<{id: number}>(
        `SELECT d.id FROM documents d WHERE d.corpus_id = ? AND d.deleted_at_ms IS NULL AND ${where.sql} ORDER BY d.doc_id`,
      )
      .all(this.corpus.id, ...where.params)
    for (const {id} of ids) {
      const row = this.#row(id)
      yield {...described(row), length: row.chunk_count, chunks: (range) => this.#pages(id, range)}
    }
  }

  async *#pages(
    id: number,
    {from, to} = {from: 1, to: Number.MAX_SAFE_INTEGER},
  ): AsyncGenerator<ReadableChunk> {
    for (let next = from; ;) {
      const rows = this.#on.sql<ChunkColumns>(PAGE).all(id, next, to, PAGE_ROWS)
      for (const {ordinal, text, heading, overlap} of requireWhole(this.#on, 'chunks', rows))
        yield {ordinal, text, heading: JSON.parse(heading) as string[], overlap}
      if (rows.length < PAGE_ROWS) return
      next = rows.at(-1)!.ordinal + 1
    }
  }

  async deletedSince(version: number): Promise<readonly string[] | undefined> {
    const {forgotten} = this.#on
      .sql<{forgotten: number}>('SELECT forgotten_version AS forgotten FROM corpora WHERE id = ?')
      .get(this.corpus.id)!
    if (forgotten > version) return undefined
    return this.#on
      .sql<{doc_id: string}>(
        `SELECT doc_id FROM documents WHERE corpus_id = ? AND deleted_at_ms IS NOT NULL AND changed_version > ? ORDER BY doc_id`,
      )
      .all(this.corpus.id, version)
      .map((row) => row.doc_id)
  }

  async close(): Promise<void> {
    this.#close()
  }

  #document(id: number): SnapshotDocument {
    const chunks = requireWhole(this.#on, 'chunks', this.#on.sql<ChunkColumns>(CHUNKS).all(id))
    const vector = this.#on.sql<VectorColumns>('SELECT * FROM vectors WHERE chunk_id = ? AND version_id = ?')
    const vectorOf = (chunk: ChunkColumns): VectorColumns | undefined =>
      requireWhole(this.#on, 'vectors', this.live ? vector.all(chunk.id, this.live.id) : [])[0]
    return {
      ...described(this.#row(id)),
      chunks: chunks.map((chunk) => toSnapshotChunk(chunk, vectorOf(chunk))),
    }
  }

  #row(id: number): DocumentRow {
    const rows = this.#on.sql<DocumentRow>('SELECT * FROM documents WHERE id = ?').all(id)
    return requireWhole(this.#on, 'documents', rows)[0]!
  }
}

function described(row: DocumentRow): Omit<SnapshotDocument, 'chunks'> {
  return {
    docId: row.doc_id,
    docHash: row.doc_hash,
    title: row.title,
    language: row.language,
    metadata: JSON.parse(row.metadata) as Metadata,
    source: toSource(row),
    updatedAtMs: row.updated_at_ms,
  }
}

const PAGE_ROWS = 128
const PAGE = `SELECT * FROM chunks
  WHERE document_id = ? AND deleted_at_ms IS NULL AND ordinal BETWEEN ? AND ? ORDER BY ordinal LIMIT ?`

interface ChunkColumns {
  id: number
  ordinal: number
  text: string
  heading: string
  start_line: number
  end_line: number
  tokens: number
  overlap: number
  metadata: string | null
  place: string | null
}

interface VectorColumns {
  kind: VectorKind
  vector: Buffer
}

const CHUNKS = 'SELECT * FROM chunks WHERE document_id = ? AND deleted_at_ms IS NULL ORDER BY ordinal'

function toSnapshotChunk(row: ChunkColumns, vector: VectorColumns | undefined): SnapshotChunk {
  return {
    ordinal: row.ordinal,
    text: row.text,
    heading: JSON.parse(row.heading) as string[],
    startLine: row.start_line,
    endLine: row.end_line,
    tokens: row.tokens,
    overlap: row.overlap,
    ...placeFrom(row.place),
    ...(row.metadata === null ? {} : {metadata: JSON.parse(row.metadata) as Metadata}),
    kind: vector?.kind ?? 'none',
    ...(vector?.kind === 'dense' ? {vector: bytesToVector(vector.vector).slice()} : {}),
  }
}
