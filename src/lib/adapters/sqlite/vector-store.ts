import type {VectorBlock} from '../../model/embedding.js'
import type {VectorStore} from '../../ports/store.js'
import type {Connection} from './connection.js'
import {CHUNK_LIVES} from './chunk-lives.js'
import {chunkClause} from './filter-clause.js'
import {pendingStore} from './pending-chunks.js'
import {bytesToVector} from './vector-bytes.js'
import {commitVectors, corpusOfVersion, spanOfVectors, toBlock} from './vector-table.js'
import {versionStore} from './version-table.js'

export function vectorStore(on: Connection): VectorStore {
  return {
    ...versionStore(on),
    ...pendingStore(on),
    commitVectors: (versionId, vectors, lease) =>
      on.writeVersion(versionId, lease, () => commitVectors(on, versionId, vectors)),
    findVectors: (versionId, inputHashes) =>
      on.read(() => {
        const corpusId = corpusOfVersion(on, versionId)
        const rows = on
          .sql<{input_hash: string; vector: Buffer}>(
            `SELECT lower(j.value) AS input_hash, v.vector FROM json_each(?) j
             CROSS JOIN chunks c ON c.corpus_id = ? AND c.input_hash = unhex(j.value)
             CROSS JOIN vectors v ON v.chunk_id = c.id AND v.version_id = ? AND v.kind = 'dense'`,
          )
          .all(JSON.stringify(inputHashes), corpusId, versionId)
        return new Map(rows.map((row) => [row.input_hash, bytesToVector(row.vector)]))
      }),
    readVectors: (versionId, range, blockSize) => readVectors(on, versionId, {...range, blockSize}),
    vectorSpan: (versionId, range) => on.read(() => spanOfVectors(on, versionId, range)),
    chunksOfSeqs: (versionId, seqs) =>
      on.read(() => {
        const rows = on
          .sql<{seq: number; chunk_id: number}>(
            `SELECT v.seq, v.chunk_id FROM json_each(?) j CROSS JOIN vectors v ON v.seq = j.value
             WHERE v.version_id = ? AND ${CHUNK_LIVES}`,
          )
          .all(JSON.stringify(seqs), versionId, corpusOfVersion(on, versionId))
        return new Map(rows.map((row) => [row.seq, row.chunk_id]))
      }),
    vectorsOfChunks: (versionId, chunkIds) =>
      on.read(() => {
        const rows = on
          .sql<{chunk_id: number; vector: Buffer}>(
            `SELECT v.chunk_id, v.vector FROM json_each(?) j CROSS JOIN vectors v ON v.chunk_id = j.value AND v.version_id = ?
             WHERE v.kind = 'dense' AND ${CHUNK_LIVES}`,
          )
          .all(JSON.stringify(chunkIds), versionId, corpusOfVersion(on, versionId))
        return new Map(rows.map((row) => [row.chunk_id, bytesToVector(row.vector)]))
      }),
    seqsWhere: (versionId, filters) =>
      on.read(() => {
        const corpusId = corpusOfVersion(on, versionId)
        const where = chunkClause(corpusId, filters)
        const seqs = on
          .sql<number>(
            `SELECT v.seq FROM vectors v JOIN chunks c ON c.id = v.chunk_id
             WHERE v.version_id = ? AND v.kind = 'dense' AND c.deleted_at_ms IS NULL AND ${where.sql} ORDER BY v.seq`,
          )
          .pluck()
          .all(versionId, ...where.params) as number[]
        return Uint32Array.from(seqs)
      }),
  }
}

async function* readVectors(
  on: Connection,
  versionId: number,
  range: {readonly from: number; readonly to: number; readonly blockSize: number},
): AsyncIterable<VectorBlock> {
  const corpusId = await on.read(() => corpusOfVersion(on, versionId))
  const page = on.sql<{seq: number; vector: Buffer}>(
    `SELECT v.seq, v.vector FROM vectors v
     WHERE v.version_id = ? AND v.kind = 'dense' AND v.seq BETWEEN ? AND ? AND ${CHUNK_LIVES} ORDER BY v.seq LIMIT ?`,
  )
  let from = range.from
  while (from <= range.to) {
    const rows = await on.read(() => page.all(versionId, from, range.to, corpusId, range.blockSize))
    if (rows.length === 0) return
    const vectors = rows.map((row) => ({seq: row.seq, vector: bytesToVector(row.vector)}))
    yield toBlock(vectors, vectors[0]!.vector.length)
    from = rows.at(-1)!.seq + 1
  }
}
