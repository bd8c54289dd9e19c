import type {VectorBlock} from '../../../model/embedding.js'
import type {VectorStore} from '../../../ports/store/store.js'
import type {Connection} from '../connection.js'
import {CHUNK_LIVES} from '../documents/chunk-lives.js'
import {chunkClause} from '../filter-clause.js'
import {pendingStore} from './pending-chunks.js'
import {bytesToVector, textsToBlock} from './vector-bytes.js'
import {commitVectors, corpusOfVersion, spanOfVectors, toBlock} from './vector-table.js'
import {versionStore} from './version-table.js'

export function vectorStore(on: Connection): VectorStore {
  return {
    ...versionStore(on),
    ...pendingStore(on),
    commitVectors: (versionId, vectors, lease) =>
      on.writeVectors(versionId, lease, () => commitVectors(on, versionId, vectors)),
    findVectors: (versionId, inputHashes) =>
      on.read(() => {
        const corpusId = corpusOfVersion(on, versionId)
        const rows = on
          .sql<{input_hash: string; vector: Buffer}>(
            `SELECT lower(j.value) AS input_hash, v.vector FROM json_each(?) j
             CROSS JOIN chunks c ON c.corpus_id = ? AND substr(c.input_hash, 1, 8) = substr(unhex(j.value), 1, 8)
               AND c.input_hash = unhex(j.value)
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

/** Vectors of live chunks in a range of seqs, a page of them. */
const page = (vector: string): string => `SELECT v.seq, ${vector} AS vector FROM vectors v
  WHERE v.version_id = ? AND v.kind = 'dense' AND v.seq BETWEEN ? AND ? AND ${CHUNK_LIVES} ORDER BY v.seq LIMIT ?`
const AS_BYTES = page('v.vector')
const AS_TEXT = page('hex(v.vector)')

/**
 * The first page comes as bytes, which is quickest. Of a long walk the others come as text: bytes lie outside of the heap, where tens of
 * megabytes of them would wait for the collector, while texts are collected as they come.
 */
async function* readVectors(
  on: Connection,
  versionId: number,
  range: {readonly from: number; readonly to: number; readonly blockSize: number},
): AsyncIterable<VectorBlock> {
  const corpusId = await on.read(() => corpusOfVersion(on, versionId))
  const {to, blockSize} = range
  const bytes = on.sql<{seq: number; vector: Buffer}>(AS_BYTES)
  const first = await on.read(() => bytes.all(versionId, range.from, to, corpusId, blockSize))
  if (first.length === 0) return
  const vectors = first.map((row) => ({seq: row.seq, vector: bytesToVector(row.vector)}))
  const dimension = vectors[0]!.vector.length
  yield toBlock(vectors, dimension)
  const texts = on.sql<{seq: number; vector: string}>(AS_TEXT)
  for (let last = first.at(-1)!.seq; last < to;) {
    const from = last + 1
    const rows = await on.read(() => texts.all(versionId, from, to, corpusId, blockSize))
    if (rows.length === 0) return
    last = rows.at(-1)!.seq
    yield textsToBlock(rows, dimension)
  }
}
