import type {VectorBlock, VectorKind, VectorPut} from '../../../model/embedding.js'
import {MAX_SEQ} from '../../../model/vector.js'
import {RowNumbers, insertInto, setting, withChecksum} from '../checksums/checked-writes.js'
import type {Connection} from '../connection.js'
import {CHUNK_LIVES} from '../documents/chunk-lives.js'
import {CountTally} from '../documents/corpus-counts.js'
import {bumpVersion} from '../documents/corpus-table.js'
import {
  noEmbeddingVersion,
  noVersionForVectors,
  numbersUsedUp,
  otherDimensionThanStored,
} from '../../../model/errors/store/store-rules.js'
import {vectorToBytes} from './vector-bytes.js'

export interface VersionRow {
  id: number
  corpus_id: number
  dimension: number
  state: 'building' | 'live' | 'retired'
  keeps_old: number
}

/** The corpus of a version, -1 (no corpus) for a version that is gone: reading it finds nothing. */
export function corpusOfVersion(on: Connection, versionId: number): number {
  const id = on.sql<number>('SELECT corpus_id FROM embedding_versions WHERE id = ?').pluck().get(versionId)
  return (id as number | undefined) ?? -1
}

export function versionRow(on: Connection, versionId: number): VersionRow {
  const row = on.sql<VersionRow>('SELECT * FROM embedding_versions WHERE id = ?').get(versionId)
  if (!row) throw noEmbeddingVersion(versionId)
  return row
}

export function liveVersion(on: Connection, corpusId: number): VersionRow | undefined {
  return on
    .sql<VersionRow>("SELECT * FROM embedding_versions WHERE corpus_id = ? AND state = 'live'")
    .get(corpusId)
}

/** `INSERT` that passes over chunks which have a vector of the version, or are gone. */
const INSERT_IF_LIVE = `INSERT INTO vectors (seq, version_id, chunk_id, kind, vector, checksum)
  SELECT ?, ?, ?, ?, ?, ? FROM chunks c WHERE c.id = ? AND c.corpus_id = ? AND c.deleted_at_ms IS NULL
  ON CONFLICT (chunk_id, version_id) DO NOTHING`
const INSERT = insertInto('vectors')

/** A placeholder of a live chunk goes when something better comes. */
const DELETE_DUMMY = `DELETE FROM vectors WHERE chunk_id = ? AND version_id = ? AND kind = 'dummy'
  AND EXISTS (SELECT 1 FROM chunks c WHERE c.id = vectors.chunk_id AND c.corpus_id = ? AND c.deleted_at_ms IS NULL)`

/** How many dense vectors of live chunks lie in a range of seqs, and the last of them. */
export function spanOfVectors(
  on: Connection,
  versionId: number,
  range: {readonly from: number; readonly to: number},
): {count: number; lastSeq: number} {
  return on
    .sql<{count: number; lastSeq: number}>(
      `SELECT count(*) AS count, coalesce(max(v.seq), 0) AS lastSeq FROM vectors v
       WHERE v.version_id = ? AND v.kind = 'dense' AND v.seq BETWEEN ? AND ? AND ${CHUNK_LIVES}`,
    )
    .get(versionId, range.from, range.to, corpusOfVersion(on, versionId))!
}

/** The work of `VectorStore.commitVectors`, inside its transaction. */
export function commitVectors(on: Connection, versionId: number, puts: readonly VectorPut[]): VectorBlock {
  const version = versionRow(on, versionId)
  for (const {kind, vector} of puts)
    if (kind !== 'empty' && vector.length !== version.dimension)
      throw otherDimensionThanStored(version.dimension, vector.length, 'A vector')
  const tally = new CountTally()
  const stored: {seq: number; vector: Float32Array}[] = []
  const changed: number[] = []
  const seqs = new RowNumbers(on, 'vectors')
  for (const put of puts) {
    const seq = insertVector(on, version, {put, tally, seqs})
    if (seq === undefined) continue
    changed.push(put.chunkId)
    if (put.kind === 'dense') stored.push({seq: checkedSeq(seq), vector: put.vector})
  }
  if (changed.length > 0 && version.state === 'live') {
    on.sql(MARK_CHANGED).run({version: bumpVersion(on, version.corpus_id), changed: JSON.stringify(changed)})
    tally.keep(on, version.corpus_id)
  }
  return toBlock(stored, version.dimension)
}

/** The number of the new vector; nothing when the chunk has one or is gone. */
function insertVector(
  on: Connection,
  {id, corpus_id: corpusId}: VersionRow,
  {put, tally, seqs}: {readonly put: VectorPut; readonly tally: CountTally; readonly seqs: RowNumbers},
): number | undefined {
  const {chunkId, kind, vector} = put
  if (kind !== 'dummy' && on.sql(DELETE_DUMMY).run(chunkId, id, corpusId).changes > 0)
    tally.vector('dummy', -1)
  const bytes = kind === 'empty' ? Buffer.alloc(0) : vectorToBytes(vector)
  const values = withChecksum('vectors', [seqs.next, id, chunkId, kind, bytes])
  values.push(chunkId, corpusId)
  if (on.sql(INSERT_IF_LIVE).run(values).changes === 0) return undefined
  tally.vector(kind, 1)
  return seqs.take()
}

/** A document that gets vectors is another one to whoever exports what is new. */
const MARK_CHANGED = `UPDATE documents SET ${setting('documents', {changed_version: '$version'})}
  WHERE id IN (SELECT c.document_id FROM chunks c WHERE c.id IN (SELECT value FROM json_each($changed)))`

export function toBlock(
  rows: readonly {seq: number; vector: Float32Array}[],
  dimension: number,
): VectorBlock {
  const vectors = new Float32Array(rows.length * dimension)
  rows.forEach((row, i) => vectors.set(row.vector, i * dimension))
  return {seqs: Uint32Array.from(rows, (row) => row.seq), vectors}
}

function checkedSeq(seq: number): number {
  if (seq > MAX_SEQ) throw numbersUsedUp()
  return seq
}

/** Stores a vector that came with its document, in the live version; one that is there and differs is replaced. */
export function storeGivenVector(
  on: Connection,
  version: VersionRow | undefined,
  given: {
    readonly chunkId: number
    /** The chunk was added in this commit: it has no vector. */
    readonly isNew: boolean
    readonly docId: string
    readonly vector: Float32Array
    readonly tally: CountTally
    readonly seqs: RowNumbers
  },
): void {
  if (!version) throw noVersionForVectors(given.docId)
  if (given.vector.length !== version.dimension)
    throw otherDimensionThanStored(
      version.dimension,
      given.vector.length,
      `A vector of document "${given.docId}"`,
    )
  const bytes = vectorToBytes(given.vector)
  const known = given.isNew ? undefined : givenBefore(on, given.chunkId, version.id)
  if (known?.kind === 'dense' && known.vector.equals(bytes)) return
  if (known) {
    on.sql('DELETE FROM vectors WHERE seq = ?').run(known.seq)
    given.tally.vector(known.kind, -1)
  }
  given.tally.vector('dense', 1)
  const seq = checkedSeq(given.seqs.take())
  on.sql(INSERT).run(withChecksum('vectors', [seq, version.id, given.chunkId, 'dense', bytes]))
}

function givenBefore(
  on: Connection,
  chunkId: number,
  versionId: number,
): {seq: number; kind: VectorKind; vector: Buffer} | undefined {
  return on
    .sql<{seq: number; kind: VectorKind; vector: Buffer}>(
      'SELECT seq, kind, vector FROM vectors WHERE chunk_id = ? AND version_id = ?',
    )
    .get(chunkId, versionId)
}

/** What kind of vector a chunk has in a version, if it has one. */
export function kindOfVector(
  on: Connection,
  chunkId: number,
  version: VersionRow | undefined,
): VectorKind | undefined {
  if (!version) return undefined
  return on
    .sql<VectorKind>('SELECT kind FROM vectors WHERE chunk_id = ? AND version_id = ?')
    .pluck()
    .get(chunkId, version.id) as VectorKind | undefined
}

/** True when the live version holds this vector for the chunk, to the bit. */
export function hasVector(on: Connection, chunkId: number, vector: Float32Array): boolean {
  const stored = on
    .sql<Buffer>(
      `SELECT v.vector FROM vectors v JOIN embedding_versions e ON e.id = v.version_id AND e.state = 'live'
       WHERE v.chunk_id = ? AND v.kind = 'dense'`,
    )
    .pluck()
    .get(chunkId) as Buffer | undefined
  return stored?.equals(vectorToBytes(vector)) === true
}

const DELETE_UNFINISHED = `DELETE FROM vectors WHERE chunk_id = ?
  AND version_id IN (SELECT id FROM embedding_versions WHERE state = 'building')`

/**
 * Gives the vectors of a chunk that comes back to life new numbers: a segment built while it was deleted covers the old
 * ones without holding them. In a version that is being built it becomes pending instead: another process may be making a segment
 * of the range in which the new number would be.
 */
export function renewVectors(on: Connection, chunkId: number): void {
  on.sql(DELETE_UNFINISHED).run(chunkId)
  const rows = on
    .sql<{seq: number; version_id: number; kind: string; vector: Buffer}>(
      'SELECT * FROM vectors WHERE chunk_id = ?',
    )
    .all(chunkId)
  const seqs = new RowNumbers(on, 'vectors')
  for (const row of rows) {
    on.sql('DELETE FROM vectors WHERE seq = ?').run(row.seq)
    const seq = checkedSeq(seqs.take())
    on.sql(INSERT).run(withChecksum('vectors', [seq, row.version_id, chunkId, row.kind, row.vector]))
  }
}
