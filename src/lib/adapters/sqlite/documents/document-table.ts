import type {DocumentRecord, KnownSource} from '../../../model/document.js'
import type {Metadata} from '../../../model/metadata.js'
import type {DocumentStore} from '../../../ports/store/store.js'
import {documentChunks, readChunks} from './chunk-table.js'
import {commitBatch} from './commit-batch.js'
import {CHECKED_COLUMNS, checksumOf} from '../checksums/checked-tables.js'
import type {Value} from '../checksums/row-checksum.js'
import {isWhole, rowName, wholeRows} from '../checksums/whole-rows.js'
import type {Connection} from '../connection.js'
import {toSource, type DocumentRow} from './document-columns.js'
import {documentClause} from '../filter-clause.js'
import {purgeDocuments} from './purge-documents.js'

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

/** What is left to be said of a document whose row is damaged: that there is one of this id. */
function damagedRecord(on: Connection, row: DocumentRow): DocumentRecord {
  on.damage.add(rowName('documents', row))
  return {...toRecord({...row, metadata: '{}'}), isDamaged: true}
}

export function documentStore(on: Connection): DocumentStore {
  return {
    commit: (corpusId, batch, lease) =>
      on.writeCorpus(corpusId, lease, () => commitBatch(on, corpusId, batch)),
    listSources: (corpusId) => on.read(() => listSources(on, corpusId)),
    getDocument: (corpusId, docId) =>
      on.read(() => {
        const row = on
          .sql<DocumentRow>(
            'SELECT * FROM documents WHERE corpus_id = ? AND doc_id = ? AND deleted_at_ms IS NULL',
          )
          .get(corpusId, docId)
        return row && (isWhole('documents', row) ? toRecord(row) : damagedRecord(on, row))
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
        return {documents: wholeRows(on, 'documents', rows).map(toRecord), total}
      }),
    documentChunks: (documentId, range) => on.read(() => documentChunks(on, documentId, range)),
    readChunks: (ids) => on.read(() => readChunks(on, ids)),
    knownContent: (corpusId, wanted) =>
      on.read(() => {
        const known = on
          .sql<string>(KNOWN_CONTENT)
          .pluck()
          .all(JSON.stringify(wanted.map(({docId, contentHash}) => [docId, contentHash])), corpusId, corpusId)
        return new Set(known as readonly string[])
      }),
    purgeDocuments: (corpusId, docIds, lease, work) => purgeDocuments(on, {corpusId, docIds, lease, work}),
  }
}

const KNOWN_CONTENT = `SELECT w.value ->> 0 FROM json_each(?) w
  WHERE EXISTS (SELECT 1 FROM documents d WHERE d.corpus_id = ? AND d.doc_id = w.value ->> 0 AND d.deleted_at_ms IS NULL)
  OR EXISTS (SELECT 1 FROM chunks c WHERE c.corpus_id = ? AND substr(c.content_hash, 1, 8) = substr(unhex(w.value ->> 1), 1, 8)
    AND c.content_hash = unhex(w.value ->> 1) AND c.deleted_at_ms IS NULL)`

/** All of a large corpus, at each ingest: rows come as plain lists, and only what is asked for becomes an object. */
function listSources(on: Connection, corpusId: number): readonly KnownSource[] {
  const checksum = checksumOf('documents')
  const known: KnownSource[] = []
  for (const row of on.sql<Value[]>(SOURCES).raw().iterate(corpusId) as Iterable<Value[]>)
    if (checksum.of(row) === row[COLUMNS.length])
      known.push({
        docId: row[AT.doc_id] as string,
        docHash: row[AT.doc_hash] as string,
        source: toSource({
          source: row[AT.source] as string,
          root: row[AT.root] as string | null,
          source_size_bytes: row[AT.source_size_bytes] as number | null,
          source_mtime_ms: row[AT.source_mtime_ms] as number | null,
          source_sha256: row[AT.source_sha256] as string | null,
          source_read_at_ms: row[AT.source_read_at_ms] as number | null,
          source_pipeline: row[AT.source_pipeline] as string | null,
        }),
      })
    else on.damage.add(`documents ${String(row[AT.id])}`)
  return known
}

const COLUMNS = CHECKED_COLUMNS.documents

/** Where a column stands in such a list. */
const AT = Object.fromEntries(COLUMNS.map((name, i) => [name, i])) as Readonly<
  Record<(typeof COLUMNS)[number], number>
>

const SOURCES = `SELECT ${COLUMNS.join(', ')}, checksum FROM documents
  WHERE corpus_id = ? AND deleted_at_ms IS NULL ORDER BY doc_id`
