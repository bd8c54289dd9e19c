import type {VectorBlock} from '../../../model/embedding.js'
import {rowsDamaged} from '../../../model/errors/store/store.js'
import type {VectorStore} from '../../../ports/store/store.js'
import {checksumOf} from '../checksums/checked-tables.js'
import {requireWhole, rowName, wholeRows} from '../checksums/whole-rows.js'
import type {Connection} from '../connection.js'
import {CHUNK_LIVES} from '../documents/chunk-lives.js'
import {chunkClause} from '../filter-clause.js'
import {pendingStore} from './pending-chunks.js'
import {bytesToVector, textsToBlock, vectorToBytes} from './vector-bytes.js'
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
          .sql<VectorColumns & {wanted: string}>(
            `SELECT lower(j.value) AS wanted, v.* FROM json_each(?) j
             CROSS JOIN chunks c ON c.corpus_id = ? AND substr(c.input_hash, 1, 8) = substr(unhex(j.value), 1, 8)
               AND c.input_hash = unhex(j.value)
             CROSS JOIN vectors v ON v.chunk_id = c.id AND v.version_id = ? AND v.kind = 'dense'`,
          )
          .all(JSON.stringify(inputHashes), corpusId, versionId)
        return new Map(whole(on, rows).map((row) => [row.wanted, bytesToVector(row.vector)]))
      }),
    readVectors: (versionId, range, blockSize) => readVectors(on, versionId, {...range, blockSize}),
    vectorSpan: (versionId, range) => on.read(() => spanOfVectors(on, versionId, range)),
    chunksOfSeqs: (versionId, seqs) =>
      on.read(() => {
        const rows = on
          .sql<VectorColumns & {lives: number}>(
            `SELECT v.*, ${CHUNK_LIVES} AS lives FROM json_each(?) j CROSS JOIN vectors v ON v.seq = j.value`,
          )
          .all(corpusOfVersion(on, versionId), JSON.stringify(seqs))
        // What a damaged row says of its chunk is not to be gone by.
        const found = whole(on, rows).filter((row) => row.version_id === versionId && row.lives === 1)
        return new Map(found.map((row) => [row.seq, row.chunk_id]))
      }),
    vectorsOfChunks: (versionId, chunkIds) =>
      on.read(() => {
        const rows = on
          .sql<VectorColumns>(
            `SELECT v.* FROM json_each(?) j CROSS JOIN vectors v ON v.chunk_id = j.value AND v.version_id = ?
             WHERE v.kind = 'dense' AND ${CHUNK_LIVES}`,
          )
          .all(JSON.stringify(chunkIds), versionId, corpusOfVersion(on, versionId))
        return new Map(whole(on, rows).map((row) => [row.chunk_id, bytesToVector(row.vector)]))
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

interface VectorColumns {
  seq: number
  version_id: number
  chunk_id: number
  vector: Buffer
}

const whole = <Row extends VectorColumns>(on: Connection, rows: readonly Row[]): Row[] =>
  wholeRows(on, 'vectors', rows)

/** Vectors of live chunks in a range of seqs, a page of them. */
const page = (
  vector: string,
): string => `SELECT v.seq, v.version_id, v.chunk_id, v.kind, v.checksum, ${vector} AS vector
  FROM vectors v WHERE v.version_id = ? AND v.kind = 'dense' AND v.seq BETWEEN ? AND ? AND ${CHUNK_LIVES} ORDER BY v.seq LIMIT ?`
const AS_BYTES = page('v.vector')
const AS_TEXT = page('hex(v.vector)')

/**
 * The first page comes as bytes, which is quickest. Of a long walk the others come as text: bytes lie outside of the heap, where tens of
 * megabytes of them would wait for the collector, while texts are collected as they come.
 */
async function* readVectors(
  on: Connection,
  versionId: number,
  range: Parameters<VectorStore['readVectors']>[1] & {readonly blockSize: number},
): AsyncIterable<VectorBlock> {
  const corpusId = await on.read(() => corpusOfVersion(on, versionId))
  const {to, blockSize, leaveOutDamaged = false} = range
  const keep = leaveOutDamaged ? wholeRows : requireWhole
  const bytes = on.sql<VectorColumns>(AS_BYTES)
  const first = await on.read(() => bytes.all(versionId, range.from, to, corpusId, blockSize))
  if (first.length === 0) return
  const vectors = keep(on, 'vectors', first).map((row) => ({seq: row.seq, vector: bytesToVector(row.vector)}))
  const dimension = vectors[0]?.vector.length ?? 0
  if (vectors.length > 0) yield toBlock(vectors, dimension)
  const texts = on.sql<VectorText>(AS_TEXT)
  for (let last = first.at(-1)!.seq; last < to;) {
    const from = last + 1
    const rows = await on.read(() => texts.all(versionId, from, to, corpusId, blockSize))
    if (rows.length === 0) return
    last = rows.at(-1)!.seq
    yield blockOfTexts(on, rows, {dimension, leaveOutDamaged})
  }
}

interface VectorText extends Omit<VectorColumns, 'vector'> {
  kind: string
  checksum: number
  /** Hexadecimal digits. */
  vector: string
}

function blockOfTexts(
  on: Connection,
  rows: readonly VectorText[],
  {dimension, leaveOutDamaged}: {readonly dimension: number; readonly leaveOutDamaged: boolean},
): VectorBlock {
  const block = textsToBlock(rows, dimension)
  const damaged = rows.filter((row, i) => {
    const bytes = vectorToBytes(block.vectors.subarray(i * dimension, (i + 1) * dimension))
    const values = [row.seq, row.version_id, row.chunk_id, row.kind, bytes]
    return row.vector.length !== 2 * bytes.length || checksumOf('vectors').of(values) !== row.checksum
  })
  if (damaged.length === 0) return block
  const names = damaged.map((row) => rowName('vectors', row))
  if (!leaveOutDamaged) throw rowsDamaged(on.path, names)
  for (const name of names) on.damage.add(name)
  return textsToBlock(
    rows.filter((row) => !damaged.includes(row)),
    dimension,
  )
}
