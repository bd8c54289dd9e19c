import type {Corpus, CorpusSettings} from '../../../model/corpus.js'
import type {CorpusName} from '../../../model/names.js'
import {withoutPassword} from '../../../model/secrets/addresses.js'
import type {CorpusStore} from '../../../ports/store/store.js'
import {insertInto, RowNumbers, setting, withChecksum} from '../checksums/checked-writes.js'
import {requireWhole, wholeRows} from '../checksums/whole-rows.js'
import type {Connection} from '../connection.js'
import {countCorpus} from './corpus-counts.js'
import {redactMessages} from '../sessions/session-rows.js'
import {createKeywordTable, dropKeywordTable, keywordTable} from '../keywords/keyword-table.js'

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
    settings: settingsOf(row),
    version: row.version,
    state: row.state,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}

/** Earlier versions of rag took a password with the address of a service. */
function settingsOf({settings}: CorpusRow): CorpusSettings {
  const all = JSON.parse(settings) as CorpusSettings
  return {...all, model: withoutPassword(all.model)}
}

/** Raises the corpus's version; called inside a transaction that changes what a search can see. */
export function bumpVersion(on: Connection, corpusId: number): number {
  return on
    .sql<number>(BUMP)
    .pluck()
    .get({now: on.clock.now(), state: randomState(on), corpusId}) as number
}

const BUMP = `UPDATE corpora SET ${setting('corpora', {
  version: 'version + 1',
  state: '$state',
  updated_at_ms: '$now',
})} WHERE id = $corpusId RETURNING version`

/** A name for a state of a corpus that no other has. */
function randomState(on: Connection): string {
  return on.sql<string>('SELECT lower(hex(randomblob(16)))').pluck().get() as string
}

export function corpusVersion(on: Connection, corpusId: number): number {
  return on.sql<number>('SELECT version FROM corpora WHERE id = ?').pluck().get(corpusId) as number
}

/** Documents were removed for good: what was deleted up to now can't be told any more. */
export function cutDeletionHistory(on: Connection, corpusId: number): void {
  on.sql(CUT_HISTORY).run({corpusId})
}

const CUT_HISTORY = `UPDATE corpora SET ${setting('corpora', {forgotten_version: 'version'})} WHERE id = $corpusId`

export function readCorpus(on: Connection, corpusId: number): Corpus {
  return toCorpus(on.sql<CorpusRow>('SELECT * FROM corpora WHERE id = ?').get(corpusId)!)
}

export function writeSettings(on: Connection, corpusId: number, settings: CorpusSettings): void {
  on.sql(WRITE_SETTINGS).run({settings: JSON.stringify(settings), now: on.clock.now(), corpusId})
}

const WRITE_SETTINGS = `UPDATE corpora SET ${setting('corpora', {
  settings: '$settings',
  updated_at_ms: '$now',
})} WHERE id = $corpusId`

export function corpusStore(on: Connection): CorpusStore {
  const byName = (name: string): Corpus | undefined => {
    const rows = on.sql<CorpusRow>('SELECT * FROM corpora WHERE name = ?').all(name)
    return requireWhole(on, 'corpora', rows).map(toCorpus)[0]
  }
  return {
    createCorpus: (name, settings) =>
      on.write(() => {
        const known = byName(name)
        if (known) return known
        const id = new RowNumbers(on, 'corpora').next
        const now = on.clock.now()
        const values = [id, name, JSON.stringify(settings), 0, 0, null, -1, now, now, randomState(on), 0]
        on.sql(insertInto('corpora')).run(withChecksum('corpora', values))
        createKeywordTable(on, id)
        return byName(name)!
      }),
    getCorpus: (name) => on.read(() => byName(name)),
    listCorpora: () =>
      on.read(() =>
        wholeRows(on, 'corpora', on.sql<CorpusRow>('SELECT * FROM corpora ORDER BY name').all()).map(
          toCorpus,
        ),
      ),
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
  on.sql('DELETE FROM purges WHERE corpus_id = ?').run(corpusId)
  dropKeywordTable(on, corpusId)
  on.db.exec(`DROP TABLE IF EXISTS ${keywordTable(corpusId)}_next`)
  on.sql('DELETE FROM corpora WHERE id = ?').run(corpusId)
}
