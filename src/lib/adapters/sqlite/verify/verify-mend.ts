import type {MendedRows} from '../../../ports/store/store-verifier.js'
import type {VectorKind} from '../../../model/embedding.js'
import {setting} from '../checksums/checked-writes.js'
import type {Connection} from '../connection.js'
import {softDeleteChunk} from '../documents/chunk-table.js'
import {dropCounts} from '../documents/corpus-counts.js'
import {bumpVersion} from '../documents/corpus-table.js'
import {KeywordRemovals} from '../keywords/keyword-totals.js'
import {isUsable} from './verify-content.js'

/** The work of `StoreVerifier.mendRows`, inside its transaction. */
export function mendRows(on: Connection, corpusId: number): MendedRows {
  const removals = new KeywordRemovals(on, corpusId)
  const chunksRemoved = removeOrphanChunks(on, corpusId, removals)
  const chunksDeleted = deleteForgottenChunks(on, corpusId, removals)
  const orphans = removeOrphanVectors(on, corpusId)
  const unusable = removeUnusableVectors(on, corpusId)
  const documentsRecounted = on.sql(RECOUNT).run({corpusId}).changes
  dropCounts(on, corpusId)
  removals.settle()
  bumpVersion(on, corpusId)
  return {
    vectorsRemoved: orphans + unusable.removed,
    nowPending: unusable.live,
    chunksRemoved,
    chunksDeleted,
    documentsRecounted,
  }
}

const CHUNKS =
  '(SELECT count(*) FROM chunks c WHERE c.document_id = documents.id AND c.deleted_at_ms IS NULL)'
const RECOUNT = `UPDATE documents SET ${setting('documents', {chunk_count: CHUNKS})}
  WHERE corpus_id = $corpusId AND deleted_at_ms IS NULL AND chunk_count <> ${CHUNKS}`

/** Chunks of no document can be shown to nobody. Their vectors go with them, whatever version they are of. */
function removeOrphanChunks(on: Connection, corpusId: number, removals: KeywordRemovals): number {
  const ids = on
    .sql<number>(
      `SELECT c.id FROM chunks c WHERE c.corpus_id = ?
       AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = c.document_id AND d.corpus_id = c.corpus_id)`,
    )
    .pluck()
    .all(corpusId) as number[]
  for (const id of ids) {
    removals.remove(id)
    on.sql('DELETE FROM vectors WHERE chunk_id = ?').run(id)
    on.sql('DELETE FROM chunks WHERE id = ?').run(id)
  }
  return ids.length
}

function deleteForgottenChunks(on: Connection, corpusId: number, removals: KeywordRemovals): number {
  const ids = on
    .sql<number>(
      `SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document_id
       WHERE c.corpus_id = ? AND c.deleted_at_ms IS NULL AND d.deleted_at_ms IS NOT NULL`,
    )
    .pluck()
    .all(corpusId) as number[]
  for (const id of ids) {
    removals.remove(id)
    softDeleteChunk(on, id)
  }
  return ids.length
}

/** Also those of no version: they are of no corpus at all. */
function removeOrphanVectors(on: Connection, corpusId: number): number {
  const ofCorpus = on
    .sql(
      `DELETE FROM vectors WHERE version_id IN (SELECT id FROM embedding_versions WHERE corpus_id = @corpusId)
       AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.id = vectors.chunk_id AND c.corpus_id = @corpusId)`,
    )
    .run({corpusId}).changes
  const ofNone = on
    .sql('DELETE FROM vectors WHERE version_id NOT IN (SELECT id FROM embedding_versions)')
    .run().changes
  on.sql('DELETE FROM segments WHERE version_id NOT IN (SELECT id FROM embedding_versions)').run()
  return ofCorpus + ofNone
}

interface CheckedRow {
  seq: number
  kind: VectorKind
  vector: Buffer
  dimension: number
  live: number
}

function removeUnusableVectors(on: Connection, corpusId: number): {removed: number; live: number} {
  const rows = on
    .sql<CheckedRow>(
      `SELECT v.seq, v.kind, v.vector, e.dimension,
         EXISTS (SELECT 1 FROM chunks c WHERE c.id = v.chunk_id AND c.deleted_at_ms IS NULL) AS live
       FROM embedding_versions e JOIN vectors v ON v.version_id = e.id WHERE e.corpus_id = ?`,
    )
    .iterate(corpusId)
  const doomed: {seq: number; live: number}[] = []
  for (const row of rows) if (!isUsable(row, row.dimension)) doomed.push({seq: row.seq, live: row.live})
  for (const {seq} of doomed) on.sql('DELETE FROM vectors WHERE seq = ?').run(seq)
  return {removed: doomed.length, live: doomed.reduce((sum, row) => sum + row.live, 0)}
}
