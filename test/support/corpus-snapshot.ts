import {statSync} from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import {damagedRowsIn} from './damaged-rows.js'

/** What a corpus holds, by names that do not depend on the order in which it was written. */
export interface CorpusSnapshot {
  /** `doc_id` → hash, title, language, number of chunks. */
  readonly documents: Readonly<Record<string, readonly unknown[]>>
  /** `doc_id#ordinal` → content hash, input hash, lines, text. */
  readonly chunks: Readonly<Record<string, readonly unknown[]>>
  /** `doc_id#ordinal` → kind and bytes (hex) of the vector in the live version. */
  readonly vectors: Readonly<Record<string, string>>
}

interface ChunkRow {
  readonly name: string
  readonly content: Buffer
  readonly input: Buffer
  readonly lines: string
  readonly text: string
  readonly kind: string | null
  readonly vector: Buffer | null
}

const NAME = `d.doc_id || '#' || c.ordinal`

/** Reads `rag.db` itself, past the program. */
export function snapshotCorpus(dataDir: string, corpus: string): CorpusSnapshot {
  return withDatabase(dataDir, (db) => {
    const documents = db
      .prepare(
        `SELECT d.* FROM documents d JOIN corpora o ON o.id = d.corpus_id
         WHERE o.name = ? AND d.deleted_at_ms IS NULL ORDER BY doc_id`,
      )
      .all(corpus) as {
      doc_id: string
      doc_hash: string
      title: string
      language: string
      chunk_count: number
    }[]
    const rows = db
      .prepare(
        `SELECT ${NAME} AS name, c.content_hash AS content, c.input_hash AS input, ${linesOf(db)} AS lines,
           c.text AS text, v.kind AS kind, v.vector AS vector
         FROM chunks c JOIN documents d ON d.id = c.document_id JOIN corpora o ON o.id = c.corpus_id
         LEFT JOIN embedding_versions e ON e.corpus_id = o.id AND e.state = 'live'
         LEFT JOIN vectors v ON v.chunk_id = c.id AND v.version_id = e.id
         WHERE o.name = ? AND c.deleted_at_ms IS NULL ORDER BY name`,
      )
      .all(corpus) as ChunkRow[]
    return {
      documents: Object.fromEntries(
        documents.map((it) => [it.doc_id, [it.doc_hash, it.title, it.language, it.chunk_count]]),
      ),
      chunks: Object.fromEntries(
        rows.map((it) => [
          it.name,
          [it.content.toString('hex'), it.input.toString('hex'), it.lines, it.text],
        ]),
      ),
      vectors: Object.fromEntries(
        rows.flatMap((it) =>
          it.vector === null ? [] : [[it.name, `${it.kind} ${it.vector.toString('hex')}`]],
        ),
      ),
    }
  })
}

/** Ids of the rows of a document's live chunks and the seqs of their vectors, in order. */
export function rowsOf(dataDir: string, docId: string): {chunk: number; seq: number | null}[] {
  return withDatabase(
    dataDir,
    (db) =>
      db
        .prepare(
          `SELECT c.id AS chunk, v.seq AS seq FROM chunks c JOIN documents d ON d.id = c.document_id
           LEFT JOIN vectors v ON v.chunk_id = c.id
           WHERE d.doc_id = ? AND c.deleted_at_ms IS NULL ORDER BY c.ordinal`,
        )
        .all(docId) as {chunk: number; seq: number | null}[],
  )
}

/** Counts that must only ever grow while an ingest of new documents goes on. */
export interface StoreCounts {
  readonly documents: number
  readonly chunks: number
  readonly vectors: number
  readonly segments: number
  readonly liveVersions: number
  readonly versions: number
}

export interface Inspection {
  /** Empty when all is whole. */
  readonly faults: readonly string[]
  readonly counts: StoreCounts
}

/**
 * Looks over a store that no one is writing: SQLite's own checks, and every promise that the tables make to each other and to
 * the files.
 */
export function inspectStore(dataDir: string): Inspection {
  if (statSync(path.join(dataDir, 'rag.db'), {throwIfNoEntry: false}) === undefined)
    return {
      faults: [],
      counts: {documents: 0, chunks: 0, vectors: 0, segments: 0, liveVersions: 0, versions: 0},
    }
  return withDatabase(dataDir, (db) => {
    const one = (sql: string): number => db.prepare(sql).pluck().get() as number
    const tables = db
      .prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'corpora'")
      .pluck()
      .get() as number
    if (tables === 0)
      return {
        faults: [],
        counts: {documents: 0, chunks: 0, vectors: 0, segments: 0, liveVersions: 0, versions: 0},
      }
    const live = 'deleted_at_ms IS NULL'
    return {
      faults: [
        ...sqliteFaults(db),
        ...checksumFaults(db),
        ...rowFaults(one),
        ...keywordFaults(db),
        ...fileFaults(db, dataDir),
      ],
      counts: {
        documents: one(`SELECT count(*) FROM documents WHERE ${live}`),
        chunks: one(`SELECT count(*) FROM chunks WHERE ${live}`),
        vectors: one('SELECT count(*) FROM vectors'),
        segments: one('SELECT count(*) FROM segments'),
        liveVersions: one("SELECT count(*) FROM embedding_versions WHERE state = 'live'"),
        versions: one('SELECT count(*) FROM embedding_versions'),
      },
    }
  })
}

function checksumFaults(db: Database.Database): string[] {
  // A store of an earlier format has none until it is opened by the program.
  const hasThem = db.prepare("SELECT 1 FROM pragma_table_info('chunks') WHERE name = 'checksum'").get()
  if (hasThem === undefined) return []
  return damagedRowsIn(db).map((row) => `checksum: ${row}`)
}

function sqliteFaults(db: Database.Database): string[] {
  const integrity = db.prepare('PRAGMA integrity_check').pluck().all() as string[]
  const keys = db.prepare('PRAGMA foreign_key_check').all()
  return [
    ...(integrity.join() === 'ok' ? [] : integrity.map((line) => `integrity: ${line}`)),
    ...keys.map((row) => `foreign key: ${JSON.stringify(row)}`),
  ]
}

function rowFaults(one: (sql: string) => number): string[] {
  const none: Readonly<Record<string, string>> = {
    'vectors without their chunk':
      'SELECT count(*) FROM vectors v WHERE NOT EXISTS (SELECT 1 FROM chunks c WHERE c.id = v.chunk_id)',
    'live chunks of deleted documents': `SELECT count(*) FROM chunks c JOIN documents d ON d.id = c.document_id
      WHERE c.deleted_at_ms IS NULL AND d.deleted_at_ms IS NOT NULL`,
    'documents with another number of chunks than they say': `SELECT count(*) FROM documents d WHERE d.deleted_at_ms IS NULL
      AND d.chunk_count <> (SELECT count(*) FROM chunks c WHERE c.document_id = d.id AND c.deleted_at_ms IS NULL)`,
    'vectors of another width than their version': `SELECT count(*) FROM vectors v JOIN embedding_versions e ON e.id = v.version_id
      WHERE v.kind = 'dense' AND length(v.vector) <> 4 * e.dimension`,
    'segments that overlap': `SELECT count(*) FROM segments a JOIN segments b ON a.version_id = b.version_id AND a.id < b.id
      AND a.first_seq <= b.last_seq AND b.first_seq <= a.last_seq`,
    'corpora with two versions being built': `SELECT count(*) FROM (SELECT corpus_id FROM embedding_versions
      WHERE state = 'building' GROUP BY corpus_id HAVING count(*) > 1)`,
  }
  return Object.entries(none).flatMap(([what, sql]) => {
    const count = one(sql)
    return count === 0 ? [] : [`${count} ${what}`]
  })
}

/** `PRAGMA integrity_check` runs FTS5's own check; here the entries are counted. */
function keywordFaults(db: Database.Database): string[] {
  const corpora = db.prepare('SELECT id, name FROM corpora').all() as {id: number; name: string}[]
  return corpora.flatMap(({id, name}) => {
    const chunks = db
      .prepare('SELECT count(*) FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NULL')
      .pluck()
      .get(id)
    const entries = db
      .prepare(
        `SELECT count(*) FROM keywords_${id}_docsize s JOIN chunks c ON c.id = s.id WHERE c.deleted_at_ms IS NULL`,
      )
      .pluck()
      .get()
    const all = db.prepare(`SELECT count(*) FROM keywords_${id}_docsize`).pluck().get()
    return entries === chunks && all === chunks
      ? []
      : [
          `corpus ${name}: ${String(chunks)} chunks, ${String(all)} keyword entries, ${String(entries)} of live chunks`,
        ]
  })
}

function fileFaults(db: Database.Database, dataDir: string): string[] {
  const files = db
    .prepare(
      `SELECT 'indexes/' || file AS file, size_bytes AS size FROM segments
       UNION ALL SELECT 'models/' || model_file, model_size_bytes FROM embedding_versions WHERE model_file IS NOT NULL`,
    )
    .all() as {file: string; size: number}[]
  return files.flatMap(({file, size}) => {
    const found = statSync(path.join(dataDir, file), {throwIfNoEntry: false})?.size
    return found === size ? [] : [`${file} has ${String(found)} bytes, its row says ${size}`]
  })
}

export function withDatabase<T>(dataDir: string, work: (db: Database.Database) => T): T {
  // Not readonly: after a kill the write-ahead log is to be recovered, which a reader alone can't always do.
  const db = new Database(path.join(dataDir, 'rag.db'), {timeout: 15_000, fileMustExist: true})
  try {
    return work(db)
  } finally {
    db.close()
  }
}

/** Where a chunk stands, as SQL. Before format 10 there were no places but lines. */
function linesOf(db: Database.Database): string {
  const lines = "c.start_line || '-' || c.end_line"
  const columns = db.prepare("SELECT name FROM pragma_table_info('chunks')").pluck().all()
  return columns.includes('place') ? `${lines} || coalesce(c.place, '')` : lines
}
