import type {Lease} from '../../../ports/store/lease.js'
import type {PurgeWork} from '../../../ports/store/purge-log.js'
import type {PurgeReceipt} from '../../../ports/store/store.js'
import {setting} from '../checksums/checked-writes.js'
import type {Connection} from '../connection.js'
import {bumpVersion, corpusVersion, cutDeletionHistory} from './corpus-table.js'
import {keywordTable} from '../keywords/keyword-table.js'
import {KeywordRemovals} from '../keywords/keyword-totals.js'
import {writePurge} from './purge-log.js'
import {emptyLog} from './stored-content.js'
import {redactMessages} from '../sessions/session-rows.js'

interface PurgeRequest {
  readonly corpusId: number
  readonly docIds: readonly string[]
  readonly lease: Lease
  readonly work?: PurgeWork | undefined
}

interface Doomed {
  readonly documents: number[]
  readonly docIds: string[]
  readonly chunks: number[]
  readonly seqs: number[]
}

/**
 * The work of `DocumentStore.purgeDocuments`. `secure_delete` overwrites the rows; `optimize` writes the keyword index anew
 * without the deleted entries; the checkpoint empties the write-ahead log.
 */
export async function purgeDocuments(on: Connection, request: PurgeRequest): Promise<PurgeReceipt> {
  const {doomed, version} = await on.writeCorpus(request.corpusId, request.lease, () => {
    const doomed = collect(on, request)
    return {doomed, version: removeRows(on, request, doomed)}
  })
  await on.bare(() => emptyLog(on))
  return {
    documents: doomed.documents.length,
    docIds: doomed.docIds,
    chunks: doomed.chunks.length,
    vectors: doomed.seqs.length,
    seqs: doomed.seqs,
    version,
    proof: await on.read(() => prove(on, {...request, doomed})),
  }
}

function collect(on: Connection, {corpusId, docIds}: PurgeRequest): Doomed {
  const ids = JSON.stringify(docIds)
  const rows = on
    .sql<{id: number; doc_id: string}>(
      'SELECT id, doc_id FROM documents WHERE corpus_id = ? AND doc_id IN (SELECT value FROM json_each(?))',
    )
    .all(corpusId, ids)
  const documents = rows.map((row) => row.id)
  const inDocuments = 'document_id IN (SELECT value FROM json_each(?))'
  const key = JSON.stringify(documents)
  const chunks = on.sql<number>(`SELECT id FROM chunks WHERE ${inDocuments}`).pluck().all(key) as number[]
  const seqs = on
    .sql<number>('SELECT seq FROM vectors WHERE chunk_id IN (SELECT value FROM json_each(?)) ORDER BY seq')
    .pluck()
    .all(JSON.stringify(chunks)) as number[]
  return {documents, docIds: rows.map((row) => row.doc_id), chunks, seqs}
}

function corpusNameOf(on: Connection, corpusId: number): string {
  return on.sql<string>('SELECT name FROM corpora WHERE id = ?').pluck().get(corpusId) as string
}

function removeRows(on: Connection, {corpusId, docIds, work}: PurgeRequest, doomed: Doomed): number {
  redactMessages(on, corpusNameOf(on, corpusId), docIds)
  if (work) writePurge(on, corpusId, work, leftToDo(on, corpusId, doomed))
  if (doomed.documents.length === 0) return corpusVersion(on, corpusId)
  const table = keywordTable(corpusId)
  const removals = new KeywordRemovals(on, corpusId)
  for (const id of doomed.chunks) removals.remove(id)
  on.sql(`INSERT INTO ${table} (${table}) VALUES ('optimize')`).run()
  removals.settle()
  const key = JSON.stringify(doomed.documents)
  on.sql('DELETE FROM vectors WHERE seq IN (SELECT value FROM json_each(?))').run(JSON.stringify(doomed.seqs))
  on.sql('DELETE FROM chunks WHERE document_id IN (SELECT value FROM json_each(?))').run(key)
  on.sql('DELETE FROM documents WHERE id IN (SELECT value FROM json_each(?))').run(key)
  on.sql(LEARN_ANEW).run({corpusId})
  const version = bumpVersion(on, corpusId)
  cutDeletionHistory(on, corpusId)
  return version
}

function leftToDo(
  on: Connection,
  corpusId: number,
  {documents, chunks, seqs}: Doomed,
): Parameters<typeof writePurge>[3] {
  const learned = on
    .sql<number>('SELECT id FROM embedding_versions WHERE corpus_id = ? AND fitted_chunks IS NOT NULL')
    .pluck()
    .all(corpusId) as number[]
  const removed = {documents: documents.length, chunks: chunks.length, vectors: seqs.length}
  return {seqs, learned: documents.length > 0 ? learned : [], removed}
}

const LEARN_ANEW = `UPDATE embedding_versions SET ${setting('embedding_versions', {fitted_chunks: '0'})}
  WHERE corpus_id = $corpusId AND fitted_chunks IS NOT NULL`

function prove(
  on: Connection,
  {corpusId, docIds, doomed}: PurgeRequest & {doomed: Doomed},
): PurgeReceipt['proof'] {
  const none = (text: string, ...params: unknown[]): boolean =>
    on
      .sql<number>(text)
      .pluck()
      .get(...params) === 0
  const chunks = JSON.stringify(doomed.chunks)
  const table = keywordTable(corpusId)
  return [
    {
      place: 'documents',
      absent: none(
        'SELECT count(*) FROM documents WHERE corpus_id = ? AND doc_id IN (SELECT value FROM json_each(?))',
        corpusId,
        JSON.stringify(docIds),
      ),
    },
    {
      place: 'chunks',
      absent: none('SELECT count(*) FROM chunks WHERE id IN (SELECT value FROM json_each(?))', chunks),
    },
    {
      place: 'vectors',
      absent: none('SELECT count(*) FROM vectors WHERE chunk_id IN (SELECT value FROM json_each(?))', chunks),
    },
    {
      place: 'conversations',
      absent: none(
        'SELECT count(*) FROM message_sources WHERE corpus = ? AND doc_id IN (SELECT value FROM json_each(?))',
        corpusNameOf(on, corpusId),
        JSON.stringify(docIds),
      ),
    },
    {
      place: 'keyword index',
      absent: none(`SELECT count(*) FROM ${table} WHERE rowid IN (SELECT value FROM json_each(?))`, chunks),
    },
  ]
}
