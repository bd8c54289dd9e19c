import type {KeywordIndex} from '../../../ports/store/store.js'
import {setting} from '../checksums/checked-writes.js'
import type {Connection} from '../connection.js'
import {bumpVersion, readCorpus, writeSettings} from '../documents/corpus-table.js'
import {keywordsIncomplete} from '../../../model/errors/store/store-rules.js'
import {createKeywordTable, dropKeywordTable, keywordTable} from './keyword-table.js'
import {recountTotals, totalsCountEntries} from './keyword-totals.js'

const NEXT = '_next'
const NONE_REMOVED = `UPDATE corpora SET ${setting('corpora', {keywords_removed: '0'})} WHERE id = $corpusId`

type RebuildVerbs = Pick<
  KeywordIndex,
  'keywordsRemoved' | 'recountKeywords' | 'beginKeywords' | 'addKeywords' | 'publishKeywords'
>

/** Builds a keyword index beside the one in use and puts it in its place in one step. */
export function keywordRebuild(on: Connection): RebuildVerbs {
  return {
    keywordsRemoved: (corpusId) =>
      on.read(
        () =>
          (on
            .sql<number>('SELECT keywords_removed FROM corpora WHERE id = ?')
            .pluck()
            .get(corpusId) as number) ?? 0,
      ),
    recountKeywords: (corpusId, lease) =>
      on.writeCorpus(corpusId, lease, () => {
        if (totalsCountEntries(on, corpusId) || !recountTotals(on, corpusId)) return false
        bumpVersion(on, corpusId)
        return true
      }),
    beginKeywords: (corpusId, lease) =>
      on.writeCorpus(corpusId, lease, () => {
        on.dropStatements(keywordTable(corpusId))
        on.db.exec(`DROP TABLE IF EXISTS ${keywordTable(corpusId)}${NEXT}`)
        createKeywordTable(on, corpusId, NEXT)
      }),
    addKeywords: (corpusId, entries, lease) =>
      on.writeCorpus(corpusId, lease, () => {
        const insert = on.sql(
          `INSERT INTO ${keywordTable(corpusId)}${NEXT} (rowid, title, body) VALUES (?, ?, ?)`,
        )
        for (const {chunkId, title, body} of entries) insert.run(chunkId, title, body)
      }),
    publishKeywords: (corpusId, settings, lease) =>
      on.writeCorpus(corpusId, lease, () => {
        refuseIncomplete(on, corpusId)
        dropKeywordTable(on, corpusId)
        on.db.exec(`ALTER TABLE ${keywordTable(corpusId)}${NEXT} RENAME TO ${keywordTable(corpusId)}`)
        writeSettings(on, corpusId, settings)
        on.sql(NONE_REMOVED).run({corpusId})
        bumpVersion(on, corpusId)
        return readCorpus(on, corpusId)
      }),
  }
}

function refuseIncomplete(on: Connection, corpusId: number): void {
  const made = on
    .sql<number>(`SELECT count(*) FROM ${keywordTable(corpusId)}${NEXT}_docsize`)
    .pluck()
    .get()
  const live = on
    .sql<number>('SELECT count(*) FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NULL')
    .pluck()
    .get(corpusId)
  if (made !== live) throw keywordsIncomplete(made, live)
}
