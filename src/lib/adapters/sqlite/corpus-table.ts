import type {Corpus, CorpusCounts, CorpusSettings} from '../../model/corpus.js'
import type {CorpusName} from '../../model/names.js'
import type {CorpusStore} from '../../ports/store.js'
import {CHUNK_LIVES} from './chunk-lives.js'
import type {Connection} from './connection.js'
import {redactMessages} from './session-rows.js'
import {createKeywordTable, dropKeywordTable, keywordTable} from './keyword-table.js'

export interface CorpusRow {
  id: number
  name: string
  settings: string
  version: number
  state: string
  created_at_ms: number
  updated_at_ms: number
}

export function toCorpus(row: CorpusRow): Corpus {
  return {
    id: row.id,
    name: row.name as CorpusName,
    settings: JSON.parse(row.settings) as CorpusSettings,
    version: row.version,
    state: row.state,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}

/** Raises the corpus's version; called inside a transaction that changes what a search can see. */
export function bumpVersion(on: Connection, corpusId: number): number {
  return on
    .sql<number>(
      `UPDATE corpora SET version = version + 1, state = lower(hex(randomblob(16))), updated_at_ms = ? WHERE id = ?
       RETURNING version`,
    )
    .pluck()
    .get(on.clock.now(), corpusId) as number
}

export function corpusVersion(on: Connection, corpusId: number): number {
  return on.sql<number>('SELECT version FROM corpora WHERE id = ?').pluck().get(corpusId) as number
}

/** Documents were removed for good: what was deleted up to now can't be told any more. */
export function forgetDeleted(on: Connection, corpusId: number): void {
  on.sql('UPDATE corpora SET forgotten_version = version WHERE id = ?').run(corpusId)
}

export function readCorpus(on: Connection, corpusId: number): Corpus {
  return toCorpus(on.sql<CorpusRow>('SELECT * FROM corpora WHERE id = ?').get(corpusId)!)
}

export function writeSettings(on: Connection, corpusId: number, settings: CorpusSettings): void {
  on.sql('UPDATE corpora SET settings = ?, updated_at_ms = ? WHERE id = ?').run(
    JSON.stringify(settings),
    on.clock.now(),
    corpusId,
  )
}

export function corpusStore(on: Connection): CorpusStore {
  const byName = (name: string): Corpus | undefined => {
    const row = on.sql<CorpusRow>('SELECT * FROM corpora WHERE name = ?').get(name)
    return row && toCorpus(row)
  }
  return {
    createCorpus: (name, settings) =>
      on.write(() => {
        const known = byName(name)
        if (known) return known
        const now = on.clock.now()
        const {lastInsertRowid} = on
          .sql(
            `INSERT INTO corpora (name, settings, state, created_at_ms, updated_at_ms)
             VALUES (?, ?, lower(hex(randomblob(16))), ?, ?)`,
          )
          .run(name, JSON.stringify(settings), now, now)
        createKeywordTable(on, Number(lastInsertRowid))
        return byName(name)!
      }),
    getCorpus: (name) => on.read(() => byName(name)),
    listCorpora: () =>
      on.read(() => on.sql<CorpusRow>('SELECT * FROM corpora ORDER BY name').all().map(toCorpus)),
    updateSettings: (corpusId, settings, lease) =>
      on.writeCorpus(corpusId, lease, () => {
        writeSettings(on, corpusId, settings)
        return readCorpus(on, corpusId)
      }),
    deleteCorpus: (corpusId, lease) => on.writeCorpus(corpusId, lease, () => deleteCorpusRows(on, corpusId)),
    countCorpus: (corpusId) => countCorpus(on, corpusId),
  }
}

/** Removes all rows of a corpus and its keyword index; called inside a transaction. */
export function deleteCorpusRows(on: Connection, corpusId: number): void {
  const name = on.sql<string>('SELECT name FROM corpora WHERE id = ?').pluck().get(corpusId) as string
  redactMessages(on, name)
  const ofVersions = 'version_id IN (SELECT id FROM embedding_versions WHERE corpus_id = ?)'
  on.sql(`DELETE FROM segments WHERE ${ofVersions}`).run(corpusId)
  on.sql(`DELETE FROM segment_drafts WHERE ${ofVersions}`).run(corpusId)
  on.sql(`DELETE FROM vectors WHERE ${ofVersions}`).run(corpusId)
  on.sql('DELETE FROM embedding_versions WHERE corpus_id = ?').run(corpusId)
  on.sql('DELETE FROM chunks WHERE corpus_id = ?').run(corpusId)
  on.sql('DELETE FROM documents WHERE corpus_id = ?').run(corpusId)
  dropKeywordTable(on, corpusId)
  on.db.exec(`DROP TABLE IF EXISTS ${keywordTable(corpusId)}_next`)
  on.sql('DELETE FROM corpora WHERE id = ?').run(corpusId)
}

/**
 * Counting reads a row or an index entry of every chunk. The result is kept with the corpus version it belongs to, by who
 * can write, so that each of many cold searches need not count again.
 */
export async function countCorpus(on: Connection, corpusId: number): Promise<CorpusCounts> {
  const known = await on.read(() =>
    on
      .sql<{counts: string}>('SELECT counts FROM corpora WHERE id = ? AND counted_version = version')
      .get(corpusId),
  )
  if (known) return JSON.parse(known.counts) as CorpusCounts
  if (on.db.readonly) return on.read(() => countRows(on, corpusId))
  return on.write(() => {
    const counts = countRows(on, corpusId)
    on.sql('UPDATE corpora SET counts = ?, counted_version = version WHERE id = ?').run(
      JSON.stringify(counts),
      corpusId,
    )
    return counts
  })
}

/** Counts the rows, whatever was counted before. Inside a transaction. */
export function countRows(on: Connection, corpusId: number): CorpusCounts {
  const one = (text: string, ...params: unknown[]): number =>
    on
      .sql<number>(text)
      .pluck()
      .get(...params) as number
  const chunks = one('SELECT count(*) FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NULL', corpusId)
  const live = on
    .sql<number>("SELECT id FROM embedding_versions WHERE corpus_id = ? AND state = 'live'")
    .pluck()
    .get(corpusId) as number | undefined
  const kinds = live === undefined ? [] : on.sql<{kind: string; n: number}>(KINDS).all(live, corpusId)
  const ofKind = (kind: string): number => kinds.find((row) => row.kind === kind)?.n ?? 0
  const done = kinds.reduce((sum, row) => sum + row.n, 0)
  return {
    documents: one('SELECT count(*) FROM documents WHERE corpus_id = ? AND deleted_at_ms IS NULL', corpusId),
    chunks,
    vectors: ofKind('dense'),
    pending: chunks - done,
    dummy: ofKind('dummy'),
    deletedChunks: one(
      'SELECT count(*) FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NOT NULL',
      corpusId,
    ),
    languages: on
      .sql<{language: string; documents: number}>(
        `SELECT language, count(*) AS documents FROM documents WHERE corpus_id = ? AND deleted_at_ms IS NULL
         GROUP BY language ORDER BY documents DESC, language`,
      )
      .all(corpusId),
  }
}

const KINDS = `SELECT v.kind, count(*) AS n FROM vectors v
  WHERE v.version_id = ? AND ${CHUNK_LIVES}
  GROUP BY v.kind`
