import {RagError} from '../../../src/lib/model/errors.js'
import type {EmbeddingVersion, VectorBlock, VectorPut} from '../../../src/lib/model/embedding.js'
import type {VectorStore} from '../../../src/lib/ports/store/store.js'
import {passes} from './memory-filter.js'
import type {MemoryState, VectorRow} from './memory-state.js'
import type {MemoryEmbeddingVersions} from './memory-embedding-versions.js'

/** The vectors of a store held in memory. */
export function memoryVectors(state: MemoryState): Omit<VectorStore, keyof MemoryEmbeddingVersions> {
  const between = (versionId: number, range: {readonly from: number; readonly to: number}): VectorRow[] =>
    state.denseVectors(versionId).filter((it) => range.from <= it.seq && it.seq <= range.to)
  return {
    async findVectors(versionId, inputHashes) {
      const wanted = new Set(inputHashes)
      const found = new Map<string, Float32Array>()
      for (const row of state.vectors.values()) {
        if (row.versionId !== versionId || row.kind !== 'dense') continue
        const hash = state.chunks.get(row.chunkId)?.put.inputHash
        if (hash !== undefined && wanted.has(hash)) found.set(hash, row.vector.slice())
      }
      return found
    },
    async commitVectors(versionId, vectors, lease) {
      const version = state.writableVectors(versionId, lease)
      for (const put of vectors) checkLength(put, version)
      const stored = storeVectors(state, version, vectors)
      if (stored.length > 0 && version.state === 'live') {
        const {version: changed} = state.bump(state.corpora.get(version.corpusId)!)
        const documents = new Set(stored.map(({chunkId}) => state.chunks.get(chunkId)!.documentId))
        state.markChanged((row) => documents.has(row.id), changed)
      }
      return blockOf(stored.filter((row) => row.kind === 'dense'))
    },
    async *readVectors(versionId, range, blockSize) {
      const rows = between(versionId, range)
      for (let i = 0; i < rows.length; i += blockSize) yield blockOf(rows.slice(i, i + blockSize))
    },
    async vectorSpan(versionId, range) {
      const rows = between(versionId, range)
      return {count: rows.length, lastSeq: rows.at(-1)?.seq ?? 0}
    },
    async chunksOfSeqs(versionId, seqs) {
      const wanted = new Set(seqs)
      const rows = state.denseVectors(versionId).filter((it) => wanted.has(it.seq))
      return new Map(rows.map((row) => [row.seq, row.chunkId]))
    },
    async vectorsOfChunks(versionId, chunkIds) {
      const wanted = new Set(chunkIds)
      const rows = state.denseVectors(versionId).filter((it) => wanted.has(it.chunkId))
      return new Map(rows.map((row) => [row.chunkId, row.vector.slice()]))
    },
    async seqsWhere(versionId, filters) {
      const rows = state
        .denseVectors(versionId)
        .filter((row) => passes(state.filtered(state.chunks.get(row.chunkId)!), filters))
      return Uint32Array.from(rows, (row) => row.seq)
    },
  }
}

function checkLength({chunkId, kind, vector}: VectorPut, {dimension}: EmbeddingVersion): void {
  const expected = kind === 'empty' ? 0 : dimension
  if (vector.length !== expected)
    throw dimensionMismatch(`the ${kind} one of chunk ${chunkId}`, vector.length, expected)
}

function storeVectors(
  state: MemoryState,
  version: EmbeddingVersion,
  puts: readonly VectorPut[],
): VectorRow[] {
  const done = state.doneChunks(version.id)
  const real = state.doneChunks(version.id, {dummies: true})
  const stored: VectorRow[] = []
  for (const {chunkId, kind, vector} of puts) {
    const chunk = state.chunks.get(chunkId)
    const taken = kind === 'dummy' ? done : real
    if (!chunk || chunk.deleted || chunk.corpusId !== version.corpusId || taken.has(chunkId)) continue
    if (kind !== 'dummy') {
      // A placeholder makes room: one stored before, or earlier in this call.
      state.eraseVectors((row) => row.versionId === version.id && row.chunkId === chunkId)
      const earlier = stored.findIndex((row) => row.chunkId === chunkId)
      if (earlier >= 0) stored.splice(earlier, 1)
      real.add(chunkId)
    }
    done.add(chunkId)
    stored.push({seq: state.nextSeq(), versionId: version.id, chunkId, kind, vector: vector.slice()})
  }
  for (const row of stored) state.vectors.set(row.seq, row)
  return stored
}

function blockOf(rows: readonly VectorRow[]): VectorBlock {
  const dimension = rows[0]?.vector.length ?? 0
  const vectors = new Float32Array(rows.length * dimension)
  rows.forEach((row, i) => vectors.set(row.vector, i * dimension))
  return {seqs: Uint32Array.from(rows, (row) => row.seq), vectors}
}

/** A vector that does not fit its embedding version. */
export const dimensionMismatch = (which: string, found: number, expected: number): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `A vector does not fit: ${which} has ${found} numbers, the embedding version takes ${expected}. Nothing was changed.`,
  )
