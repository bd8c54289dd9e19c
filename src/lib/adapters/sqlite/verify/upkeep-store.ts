import {statSync} from 'node:fs'
import type {StoreUpkeep} from '../../../ports/store/store.js'
import type {Connection} from '../connection.js'
import {dropCounts} from '../documents/corpus-counts.js'
import {cutDeletionHistory} from '../documents/corpus-table.js'
import {keywordTable} from '../keywords/keyword-table.js'

export function storeUpkeep(on: Connection): StoreUpkeep {
  return {
    takeDamage: () => on.damage.take(),
    ping: () => on.read(() => on.sql<number>('SELECT 1').pluck().get() === 1),
    sizeBytes: () => Promise.resolve(['', '-wal'].reduce((sum, end) => sum + fileSize(on.path + end), 0)),
    removeDeleted: (corpusId, limits, lease) =>
      on.writeCorpus(corpusId, lease, () => removeDeleted(on, corpusId, limits)),
    close: () => on.bare(() => on.close()),
  }
}

function fileSize(path: string): number {
  return statSync(path, {throwIfNoEntry: false})?.size ?? 0
}

function removeDeleted(on: Connection, corpusId: number, limits: {minRows: number; ratio: number}): number {
  const count = (where: string): number =>
    on
      .sql<number>(`SELECT count(*) FROM chunks WHERE corpus_id = ? AND deleted_at_ms ${where}`)
      .pluck()
      .get(corpusId) as number
  const dead = count('IS NOT NULL')
  if (dead <= limits.minRows || dead <= limits.ratio * count('IS NULL')) return 0
  const doomed = 'chunk_id IN (SELECT id FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NOT NULL)'
  on.sql(`DELETE FROM vectors WHERE ${doomed}`).run(corpusId)
  const {changes} = on
    .sql('DELETE FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NOT NULL')
    .run(corpusId)
  const forgotten = on
    .sql(
      `DELETE FROM documents WHERE corpus_id = ? AND deleted_at_ms IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.document_id = documents.id)`,
    )
    .run(corpusId)
  if (forgotten.changes > 0) cutDeletionHistory(on, corpusId)
  on.sql(
    `INSERT INTO ${keywordTable(corpusId)} (${keywordTable(corpusId)}, rank) VALUES ('merge', 200)`,
  ).run()
  dropCounts(on, corpusId)
  return changes
}
