import {TITLE_WEIGHT} from '../../../ports/keyword-weights.js'
import type {KeywordHit, KeywordIndex, KeywordQuery} from '../../../ports/store/store.js'
import type {Connection} from '../connection.js'
import {chunkClause} from '../filter-clause.js'
import {keywordRebuild} from './keyword-rebuild.js'
import {keywordTable, matchTerm} from './keyword-table.js'

/** Any of the terms. */
function matchAny(terms: readonly string[]): string {
  return terms.map(matchTerm).join(' OR ')
}

export function keywordIndex(on: Connection): KeywordIndex {
  return {
    ...keywordRebuild(on),
    searchKeywords: (corpusId, query) =>
      on.read(() => (canAnswer(on, corpusId, query.terms) ? search(on, corpusId, query) : [])),
    scoreKeywords: (corpusId, terms, chunkIds) =>
      on.read(() => {
        if (chunkIds.length === 0 || !canAnswer(on, corpusId, terms)) return new Map()
        return score(on, {corpusId, terms, chunkIds})
      }),
  }
}

/** A corpus that is gone has no keyword index, and no term no match. */
function canAnswer(on: Connection, corpusId: number, terms: readonly string[]): boolean {
  return terms.length > 0 && on.sql('SELECT 1 FROM corpora WHERE id = ?').get(corpusId) !== undefined
}

function search(
  on: Connection,
  corpusId: number,
  {terms, limit, filters = []}: KeywordQuery,
): readonly KeywordHit[] {
  if (limit <= 0) return []
  const table = keywordTable(corpusId)
  const where = chunkClause(corpusId, filters)
  const join = filters.length > 0 ? `JOIN chunks c ON c.id = ${table}.rowid` : ''
  const rank = `bm25(${table}, ${TITLE_WEIGHT}, 1.0)`
  return on
    .sql<KeywordHit>(
      `SELECT ${table}.rowid AS chunkId, -${rank} AS score FROM ${table} ${join}
       WHERE ${table} MATCH ? AND ${where.sql} ORDER BY ${rank}, ${table}.rowid LIMIT ?`,
    )
    .all(matchAny(terms), ...where.params, limit)
}

function score(
  on: Connection,
  {corpusId, terms, chunkIds}: {corpusId: number; terms: readonly string[]; chunkIds: readonly number[]},
): ReadonlyMap<number, number> {
  const table = keywordTable(corpusId)
  // `+rowid` keeps FTS5 from starting the match anew for each id, which is fifteen times as slow.
  const rows = on
    .sql<KeywordHit>(
      `SELECT rowid AS chunkId, -bm25(${table}, ${TITLE_WEIGHT}, 1.0) AS score FROM ${table}
       WHERE ${table} MATCH ? AND +rowid IN (SELECT value FROM json_each(?))`,
    )
    .all(matchAny(terms), JSON.stringify(chunkIds))
  return new Map(rows.map((row) => [row.chunkId, row.score]))
}
