import type {KeywordHit, KeywordIndex} from '../../ports/store.js'
import {TITLE_WEIGHT} from '../../ports/keyword-weights.js'
import type {Connection} from './connection.js'
import {chunkClause} from './filter-clause.js'

/** The corpus's keyword index. Contentless: it holds terms and places, never the text. */
export function keywordTable(corpusId: number): string {
  return `keywords_${corpusId}`
}

/** The `ascii` tokenizer splits at ASCII punctuation but for these; the analyser's terms hold no others. */
const TERM_PUNCTUATION = '_-.#/@$'

export function createKeywordTable(on: Connection, corpusId: number): void {
  on.db.exec(
    `CREATE VIRTUAL TABLE ${keywordTable(corpusId)} USING fts5(
      title, body, content='', contentless_delete=1, tokenize="ascii tokenchars '${TERM_PUNCTUATION}'")`,
  )
}

export function dropKeywordTable(on: Connection, corpusId: number): void {
  on.forget(keywordTable(corpusId))
  on.db.exec(`DROP TABLE ${keywordTable(corpusId)}`)
}

export function addKeywords(
  on: Connection,
  corpusId: number,
  entry: {chunkId: number; title: string; body: string},
): void {
  on.sql(`INSERT INTO ${keywordTable(corpusId)} (rowid, title, body) VALUES (?, ?, ?)`).run(
    entry.chunkId,
    entry.title,
    entry.body,
  )
}

export function removeKeywords(on: Connection, corpusId: number, chunkId: number): void {
  on.sql(`DELETE FROM ${keywordTable(corpusId)} WHERE rowid = ?`).run(chunkId)
}

/** Any of the terms. Each is quoted, so that words like `and` or `near` are words. */
function matchAny(terms: readonly string[]): string {
  return terms.map((term) => `"${term.replaceAll('"', '')}"`).join(' OR ')
}

export function keywordIndex(on: Connection): KeywordIndex {
  return {
    searchKeywords: (corpusId, {terms, limit, filters = []}) => {
      if (terms.length === 0 || limit <= 0) return Promise.resolve([])
      const table = keywordTable(corpusId)
      const where = chunkClause(corpusId, filters)
      const join = filters.length > 0 ? `JOIN chunks c ON c.id = ${table}.rowid` : ''
      const rank = `bm25(${table}, ${TITLE_WEIGHT}, 1.0)`
      return on.read(() =>
        on
          .sql<KeywordHit>(
            `SELECT ${table}.rowid AS chunkId, -${rank} AS score FROM ${table} ${join}
             WHERE ${table} MATCH ? AND ${where.sql} ORDER BY ${rank}, ${table}.rowid LIMIT ?`,
          )
          .all(matchAny(terms), ...where.params, limit),
      )
    },
    scoreKeywords: (corpusId, terms, chunkIds) => {
      if (terms.length === 0 || chunkIds.length === 0) return Promise.resolve(new Map())
      const table = keywordTable(corpusId)
      // `+rowid` keeps FTS5 from starting the match anew for each id, which is fifteen times as slow.
      const rows = on.sql<KeywordHit>(
        `SELECT rowid AS chunkId, -bm25(${table}, ${TITLE_WEIGHT}, 1.0) AS score FROM ${table}
         WHERE ${table} MATCH ? AND +rowid IN (SELECT value FROM json_each(?))`,
      )
      return on.read(
        () =>
          new Map(rows.all(matchAny(terms), JSON.stringify(chunkIds)).map((row) => [row.chunkId, row.score])),
      )
    },
  }
}
