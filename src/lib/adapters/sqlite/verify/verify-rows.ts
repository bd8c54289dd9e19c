import {
  FAULT_EXAMPLES,
  type PendingReport,
  type RowFault,
  type RowFaultKind,
} from '../../../ports/store/store-verifier.js'
import type {Connection} from '../connection.js'
import {countRows, knownCounts} from '../documents/corpus-counts.js'
import {keywordTable} from '../keywords/keyword-table.js'
import {checkTotals} from '../keywords/keyword-totals.js'

/** Each names the rows of a corpus that have the fault. */
const FAULTS: readonly (readonly [RowFaultKind, string])[] = [
  [
    'chunk-count',
    `SELECT d.doc_id AS name FROM documents d WHERE d.corpus_id = @corpusId AND d.deleted_at_ms IS NULL AND d.chunk_count <>
       (SELECT count(*) FROM chunks c WHERE c.document_id = d.id AND c.deleted_at_ms IS NULL)`,
  ],
  [
    'chunk-orphan',
    `SELECT 'chunk ' || c.id AS name FROM chunks c WHERE c.corpus_id = @corpusId
       AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = c.document_id AND d.corpus_id = c.corpus_id)`,
  ],
  [
    'chunk-of-deleted',
    `SELECT DISTINCT d.doc_id AS name FROM chunks c JOIN documents d ON d.id = c.document_id
     WHERE c.corpus_id = @corpusId AND c.deleted_at_ms IS NULL AND d.deleted_at_ms IS NOT NULL`,
  ],
  [
    'vector-orphan',
    `SELECT 'vector ' || v.seq AS name FROM embedding_versions e JOIN vectors v ON v.version_id = e.id WHERE e.corpus_id = @corpusId
       AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.id = v.chunk_id AND c.corpus_id = e.corpus_id)`,
  ],
]

/** The work of `StoreVerifier.checkRows`, inside its transaction. */
export function checkRows(on: Connection, corpusId: number): RowFault[] {
  const faults: RowFault[] = []
  for (const [kind, sql] of FAULTS) {
    const count = on.sql<number>(`SELECT count(*) FROM (${sql})`).pluck().get({corpusId}) as number
    if (count === 0) continue
    const examples = on.sql<string>(`${sql} LIMIT ${FAULT_EXAMPLES}`).pluck().all({corpusId}) as string[]
    faults.push({kind, count, examples})
  }
  return [...faults, ...checkKeywords(on, corpusId), ...checkCounts(on, corpusId)]
}

/** An entry for each live chunk, and no other. `_docsize` is FTS5's own list of what it holds. */
function checkKeywords(on: Connection, corpusId: number): RowFault[] {
  const table = `${keywordTable(corpusId)}_docsize`
  if (on.sql('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) === undefined)
    return [{kind: 'keyword-count', count: 1, examples: ['there is none']}]
  const one = (sql: string, ...params: unknown[]): number =>
    on
      .sql<number>(sql)
      .pluck()
      .get(...params) as number
  const live = one('SELECT count(*) FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NULL', corpusId)
  const entries = one(`SELECT count(*) FROM ${table}`)
  const matched = one(
    `SELECT count(*) FROM chunks c JOIN ${table} s ON s.id = c.id WHERE c.corpus_id = ? AND c.deleted_at_ms IS NULL`,
    corpusId,
  )
  const wrong = live - matched + (entries - matched)
  if (wrong > 0)
    return [{kind: 'keyword-count', count: wrong, examples: [`${entries} entries for ${live} chunks`]}]
  const totals = checkTotals(on, corpusId)
  if (totals === 'right') return []
  return [{kind: totals === 'stale' ? 'keyword-leftovers' : 'keyword-totals', count: 1, examples: []}]
}

/** The counts that are kept with the corpus's version must be those of its rows. */
function checkCounts(on: Connection, corpusId: number): RowFault[] {
  const kept = knownCounts(on, corpusId)
  if (kept === undefined || JSON.stringify(kept) === JSON.stringify(countRows(on, corpusId))) return []
  return [{kind: 'counts', count: 1, examples: []}]
}

/** The work of `StoreVerifier.pendingDocuments`, inside its transaction. */
export function pendingDocuments(on: Connection, corpusId: number, versionId: number): PendingReport {
  const pending = `FROM chunks l JOIN documents d ON d.id = l.document_id WHERE l.corpus_id = @corpusId AND l.deleted_at_ms IS NULL
    AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.chunk_id = l.id AND v.version_id = @versionId)`
  const {chunks, documents} = on
    .sql<{chunks: number; documents: number}>(
      `SELECT count(*) AS chunks, count(DISTINCT d.id) AS documents ${pending}`,
    )
    .get({corpusId, versionId})!
  if (chunks === 0) return {chunks, documents, examples: []}
  const examples = on
    .sql<string>(`SELECT DISTINCT d.doc_id ${pending} LIMIT ${FAULT_EXAMPLES}`)
    .pluck()
    .all({corpusId, versionId}) as string[]
  return {chunks, documents, examples}
}
