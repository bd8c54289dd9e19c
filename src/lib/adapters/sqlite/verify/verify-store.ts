import type {StoreVerifier} from '../../../ports/store/store-verifier.js'
import {setting} from '../checksums/checked-writes.js'
import type {Connection} from '../connection.js'
import {CountTally} from '../documents/corpus-counts.js'
import {bumpVersion} from '../documents/corpus-table.js'
import {checksumVerifier} from './verify-checksums.js'
import {checkTexts, checkVectors} from './verify-content.js'
import {chunkIdAfter, missingTerms} from './verify-keywords.js'
import {mendRows} from './verify-mend.js'
import {checkRows, pendingDocuments} from './verify-rows.js'
import {checkStructure} from './verify-structure.js'
import {vectorToBytes} from '../vectors/vector-bytes.js'
import {versionRow} from '../vectors/vector-table.js'

const REPLACE_VECTOR = `UPDATE vectors SET ${setting('vectors', {vector: '$vector'})}
  WHERE seq = $seq AND version_id = $versionId`

const SEGMENT_VERIFIED = `UPDATE segments SET ${setting('segments', {verified_at_ms: '$atMs'})} WHERE id = $id`
const MODEL_VERIFIED = `UPDATE embedding_versions SET ${setting('embedding_versions', {
  model_verified_at_ms: '$atMs',
})} WHERE id = $id`

export function storeVerifier(on: Connection): StoreVerifier {
  const dates = (sql: string): ReadonlyMap<number, number> =>
    new Map(
      on
        .sql<{id: number; at: number}>(sql)
        .all()
        .map(({id, at}) => [id, at]),
    )
  const most = (sql: string, ...params: unknown[]): number =>
    (on
      .sql<number>(sql)
      .pluck()
      .get(...params) as number | null) ?? 0
  return {
    checkStructure: () => on.read(() => checkStructure(on)),
    checkRows: (corpusId) => on.read(() => checkRows(on, corpusId)),
    checkTexts: (corpusId, page) => on.read(() => checkTexts(on, corpusId, page)),
    checkVectors: (versionId, page) => on.read(() => checkVectors(on, versionId, page)),
    chunkIdAfter: (corpusId, after, skip) => on.read(() => chunkIdAfter(on, {corpusId, after, skip})),
    missingTerms: (corpusId, expected) => on.read(() => missingTerms(on, corpusId, expected)),
    lastIds: (corpusId, versionId) =>
      on.read(() => ({
        chunkId: most('SELECT max(id) FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NULL', corpusId),
        seq: Math.max(
          ...['dense', 'dummy', 'empty'].map((kind) =>
            most('SELECT max(seq) FROM vectors WHERE version_id = ? AND kind = ?', versionId, kind),
          ),
        ),
      })),
    pendingDocuments: (corpusId, versionId) => on.read(() => pendingDocuments(on, corpusId, versionId)),
    verifiedAt: () =>
      on.read(() => ({
        segments: dates('SELECT id, verified_at_ms AS at FROM segments WHERE verified_at_ms IS NOT NULL'),
        models: dates(
          'SELECT id, model_verified_at_ms AS at FROM embedding_versions WHERE model_verified_at_ms IS NOT NULL',
        ),
      })),
    markVerified: ({segments, models}, atMs) =>
      on.writeAside(() => {
        for (const id of segments) on.sql(SEGMENT_VERIFIED).run({atMs, id})
        for (const id of models) on.sql(MODEL_VERIFIED).run({atMs, id})
      }),
    mendRows: (corpusId, lease) => on.writeCorpus(corpusId, lease, () => mendRows(on, corpusId)),
    replaceVectors: (versionId, vectors, lease) =>
      on.writeVersion(versionId, lease, () => {
        const update = on.sql(REPLACE_VECTOR)
        for (const {seq, vector} of vectors) update.run({seq, versionId, vector: vectorToBytes(vector)})
        const {corpus_id: corpusId} = versionRow(on, versionId)
        bumpVersion(on, corpusId)
        new CountTally().keep(on, corpusId)
      }),
    ...checksumVerifier(on),
    raiseVersion: (corpusId, lease) =>
      on.writeCorpus(corpusId, lease, () => {
        bumpVersion(on, corpusId)
        new CountTally().keep(on, corpusId)
      }),
  }
}
