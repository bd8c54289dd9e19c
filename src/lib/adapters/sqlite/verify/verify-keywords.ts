import type {ExpectedTerms, KeywordExpectation} from '../../../ports/store/store-verifier.js'
import {chunkName} from '../../../model/names.js'
import type {Connection} from '../connection.js'
import {readCorpus} from '../documents/corpus-table.js'
import {keywordTable, matchTerm} from '../keywords/keyword-table.js'

/** The work of `StoreVerifier.chunkIdAfter`. */
export function chunkIdAfter(
  on: Connection,
  {corpusId, after, skip}: {readonly corpusId: number; readonly after: number; readonly skip: number},
): number | undefined {
  return on
    .sql<number>(
      `SELECT id FROM chunks INDEXED BY live_chunks
       WHERE corpus_id = ? AND id > ? AND deleted_at_ms IS NULL ORDER BY id LIMIT 1 OFFSET ?`,
    )
    .pluck()
    .get(corpusId, after, skip) as number | undefined
}

/** The work of `StoreVerifier.missingTerms`. In one transaction: what was deleted or made anew since is not missed. */
export function missingTerms(
  on: Connection,
  corpusId: number,
  {analyser, chunks}: KeywordExpectation,
): string[] {
  const table = keywordTable(corpusId)
  const isThere = on.sql('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined
  if (!isThere || readCorpus(on, corpusId).settings.analyser !== analyser) return []
  const lives = on.sql<{docId: string | null; ordinal: number}>(
    `SELECT d.doc_id AS docId, c.ordinal FROM chunks c LEFT JOIN documents d ON d.id = c.document_id
     WHERE c.id = ? AND c.corpus_id = ? AND c.deleted_at_ms IS NULL`,
  )
  const lost: string[] = []
  for (const {chunkId, terms} of chunks) {
    const row = lives.get(chunkId, corpusId)
    if (row && !isFound(on, {table, terms, chunkId})) lost.push(chunkName(row.docId ?? '?', row.ordinal))
  }
  return lost
}

/** A query a term: FTS5 takes longer to find one row by all of them at once. */
function isFound(on: Connection, {table, terms, chunkId}: {readonly table: string} & ExpectedTerms): boolean {
  const find = on.sql(`SELECT 1 FROM ${table} WHERE ${table} MATCH ? AND rowid = ?`)
  // A number of JavaScript's is bound as a float, with which FTS5 finds whatever comes after.
  const rowid = BigInt(chunkId)
  try {
    return terms.every((term) => find.get(matchTerm(term), rowid) !== undefined)
  } catch (error) {
    // FTS5 has come upon damage of its own tables, not of the database.
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_CORRUPT_VTAB') return false
    throw error
  }
}
