import type {KeywordEntry} from '../../ports/store.js'
import type {Connection} from './connection.js'

/** The corpus's keyword index. Contentless: it holds terms and places, never the text. */
export function keywordTable(corpusId: number): string {
  return `keywords_${corpusId}`
}

/** The `ascii` tokenizer splits at ASCII punctuation but for these; the analyser's terms hold no others. */
const TERM_PUNCTUATION = '_-.#/@$'

export function createKeywordTable(on: Connection, corpusId: number, suffix = ''): void {
  on.db.exec(
    `CREATE VIRTUAL TABLE ${keywordTable(corpusId)}${suffix} USING fts5(
      title, body, content='', contentless_delete=1, tokenize="ascii tokenchars '${TERM_PUNCTUATION}'")`,
  )
}

export function dropKeywordTable(on: Connection, corpusId: number): void {
  on.forget(keywordTable(corpusId))
  on.db.exec(`DROP TABLE IF EXISTS ${keywordTable(corpusId)}`)
}

export function addKeywords(on: Connection, corpusId: number, entry: KeywordEntry): void {
  on.sql(`INSERT INTO ${keywordTable(corpusId)} (rowid, title, body) VALUES (?, ?, ?)`).run(
    entry.chunkId,
    entry.title,
    entry.body,
  )
}

export function removeKeywords(on: Connection, corpusId: number, chunkId: number): void {
  const {changes} = on.sql(`DELETE FROM ${keywordTable(corpusId)} WHERE rowid = ?`).run(chunkId)
  on.sql('UPDATE corpora SET keywords_removed = keywords_removed + ? WHERE id = ?').run(changes, corpusId)
}
