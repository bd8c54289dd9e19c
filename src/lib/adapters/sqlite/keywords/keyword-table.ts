import type {Database} from 'better-sqlite3'
import type {KeywordEntry} from '../../../ports/store/store.js'
import type {Connection} from '../connection.js'

/** The corpus's keyword index. Contentless: it holds terms and places, never the text. */
export function keywordTable(corpusId: number): string {
  return `keywords_${corpusId}`
}

/** The `ascii` tokenizer splits at ASCII punctuation but for these; the analyser's terms hold no others. */
const TERM_PUNCTUATION = '_-.#/@$'

/** The query for a term. It is quoted, so that words like `and` or `near` are words. */
export function matchTerm(term: string): string {
  return `"${term.replaceAll('"', '')}"`
}

/** Terms of a transaction that are held before they are written: with FTS5's own 1 MiB a large one leaves many parts, to be merged. */
const PENDING_BYTES = 4 * 1024 ** 2

export function createKeywordTable(on: Connection, corpusId: number, suffix = ''): void {
  createKeywordIndex(on.db, corpusId, suffix)
}

export function createKeywordIndex(db: Database, corpusId: number, suffix = ''): void {
  db.exec(
    `CREATE VIRTUAL TABLE ${keywordTable(corpusId)}${suffix} USING fts5(
      title, body, content='', contentless_delete=1, tokenize="ascii tokenchars '${TERM_PUNCTUATION}'")`,
  )
  db.exec(
    `INSERT INTO ${keywordTable(corpusId)}${suffix} (${keywordTable(corpusId)}${suffix}, rank) VALUES ('hashsize', ${PENDING_BYTES})`,
  )
}

export function dropKeywordTable(on: Connection, corpusId: number): void {
  on.dropStatements(keywordTable(corpusId))
  on.db.exec(`DROP TABLE IF EXISTS ${keywordTable(corpusId)}`)
}

/** Adds entries to a corpus's keyword index. */
export interface KeywordWriter {
  add(chunkId: number, terms: Pick<KeywordEntry, 'title' | 'body'>): void
}

/** For the length of a transaction: the statement is looked up once. */
export function keywordWriter(on: Connection, corpusId: number): KeywordWriter {
  const insert = on.sql(`INSERT INTO ${keywordTable(corpusId)} (rowid, title, body) VALUES (?, ?, ?)`)
  return {add: (chunkId, {title, body}) => void insert.run(chunkId, title, body)}
}
