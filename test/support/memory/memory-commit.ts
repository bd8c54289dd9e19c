import type {ChunkPut, CommitReceipt, DocumentBatch, DocumentPut} from '../../../src/lib/model/batch.js'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'
import {RagError} from '../../../src/lib/model/errors.js'
import {isSame} from './memory-equality.js'
import type {ChunkRow, DocumentRow, MemoryState} from './memory-state.js'
import {dimensionMismatch} from './memory-vectors.js'

/** Applies a checked batch to one corpus. */
export class MemoryCommit {
  readonly #state: MemoryState
  readonly #corpusId: number
  readonly #live: EmbeddingVersion | undefined
  readonly #counts = {
    added: 0,
    updated: 0,
    unchanged: 0,
    removed: 0,
    chunksAdded: 0,
    chunksKept: 0,
    chunksDeleted: 0,
  }

  constructor(state: MemoryState, corpusId: number) {
    this.#state = state
    this.#corpusId = corpusId
    this.#live = state.liveVersion(corpusId)
  }

  /** @throws RagError DIMENSION_MISMATCH | NO_VECTORS, before anything is changed */
  apply(batch: DocumentBatch): CommitReceipt {
    for (const put of batch.put) for (const chunk of put.chunks) this.#checkVector(put, chunk)
    for (const put of batch.put) this.#put(put, batch.fresh === true)
    for (const {docId, source} of batch.touch) {
      const row = this.#find(docId)
      if (row && !row.deleted) row.source = structuredClone(source)
    }
    for (const docId of batch.remove) this.#remove(docId)
    const {added, updated, removed} = this.#counts
    const corpus = this.#state.corpora.get(this.#corpusId)!
    const after = added + updated + removed > 0 ? this.#state.bump(corpus) : corpus
    return {version: after.version, ...this.#counts}
  }

  #checkVector(put: DocumentPut, {ordinal, vector}: ChunkPut): void {
    if (!vector) return
    if (!this.#live) throw noVectors(put.docId)
    if (vector.length !== this.#live.dimension)
      throw dimensionMismatch(`chunk ${ordinal} of "${put.docId}"`, vector.length, this.#live.dimension)
  }

  #nextVersion(): number {
    return this.#state.corpora.get(this.#corpusId)!.version + 1
  }

  #find(docId: string): DocumentRow | undefined {
    for (const row of this.#state.documents.values())
      if (row.corpusId === this.#corpusId && row.docId === docId) return row
    return undefined
  }

  #put(put: DocumentPut, fresh: boolean): void {
    const known = this.#find(put.docId)
    if (known && !known.deleted && !fresh && this.#isUnchanged(known, put)) {
      this.#counts.unchanged++
      known.source = structuredClone(put.source)
      return
    }
    const isNew = !known || known.deleted
    this.#counts[isNew ? 'added' : 'updated']++
    const row = known ?? this.#newDocument(put)
    Object.assign(row, contentOf(put), {
      deleted: false,
      updatedAtMs: this.#state.clock.now(),
      changedVersion: this.#nextVersion(),
    })
    this.#replaceChunks(row, put, fresh)
  }

  #newDocument(put: DocumentPut): DocumentRow {
    const now = this.#state.clock.now()
    const key = {id: this.#state.nextId(), corpusId: this.#corpusId, docId: put.docId}
    const row = {
      ...key,
      ...contentOf(put),
      createdAtMs: now,
      updatedAtMs: now,
      deleted: false,
      changedVersion: 0,
    }
    this.#state.documents.set(row.id, row)
    return row
  }

  /** All chunks of a document: the live ones in order, then those softly deleted. */
  #chunksOf(document: DocumentRow): ChunkRow[] {
    return [...this.#state.chunks.values()]
      .filter((it) => it.documentId === document.id)
      .sort((a, b) => Number(a.deleted) - Number(b.deleted) || a.put.ordinal - b.put.ordinal || a.id - b.id)
  }

  #replaceChunks(row: DocumentRow, put: DocumentPut, fresh: boolean): void {
    const old = this.#chunksOf(row)
    const free = fresh ? [] : [...old]
    const kept = new Set<ChunkRow>()
    for (const chunk of put.chunks) {
      const at = free.findIndex((it) => it.put.inputHash === chunk.inputHash)
      if (at < 0) this.#addChunk(row, chunk)
      else {
        const [match] = free.splice(at, 1)
        kept.add(match!)
        this.#keepChunk(match!, chunk)
      }
    }
    for (const chunk of old) if (!kept.has(chunk)) this.#deleteChunk(chunk)
  }

  #isUnchanged(row: DocumentRow, put: DocumentPut): boolean {
    const old = this.#chunksOf(row).filter((it) => !it.deleted)
    const before = {...contentOf(row), source: put.source, chunks: old.map((it) => it.put)}
    const after = {...contentOf(put), chunks: put.chunks.map(withoutVector)}
    return isSame(before, after) && old.every((chunk, i) => this.#hasVector(chunk, put.chunks[i]!.vector))
  }

  /** Whether there is nothing to do to give a chunk this vector in the live version. */
  #hasVector(chunk: ChunkRow, vector: Float32Array | undefined): boolean {
    if (!vector || !this.#live) return true
    const known = this.#state.vectorOf(this.#live.id, chunk.id)
    return known?.kind === 'dense' && known.vector.every((number, i) => number === vector[i])
  }

  #addChunk(document: DocumentRow, put: ChunkPut): void {
    this.#counts.chunksAdded++
    const id = this.#state.nextId()
    const row = {
      id,
      documentId: document.id,
      corpusId: this.#corpusId,
      put: withoutVector(put),
      deleted: false,
    }
    this.#state.chunks.set(id, row)
    this.#addVector(row, put)
  }

  #keepChunk(row: ChunkRow, put: ChunkPut): void {
    this.#counts.chunksKept++
    if (row.deleted) this.#renewVectors(row)
    row.deleted = false
    row.put = withoutVector(put)
    this.#addVector(row, put)
  }

  /** Gives the vectors of a chunk that comes back new seqs; those of a version that is being built go. */
  #renewVectors(row: ChunkRow): void {
    const isBuilding = (versionId: number): boolean =>
      this.#state.versions.get(versionId)?.state === 'building'
    this.#state.eraseVectors((it) => it.chunkId === row.id && isBuilding(it.versionId))
    for (const vector of [...this.#state.vectors.values()].filter((it) => it.chunkId === row.id)) {
      this.#state.vectors.delete(vector.seq)
      const seq = this.#state.nextSeq()
      this.#state.vectors.set(seq, {...vector, seq})
    }
  }

  #addVector(row: ChunkRow, {vector}: ChunkPut): void {
    if (!vector || !this.#live || this.#hasVector(row, vector)) return
    const versionId = this.#live.id
    this.#state.eraseVectors((it) => it.chunkId === row.id && it.versionId === versionId)
    const seq = this.#state.nextSeq()
    this.#state.vectors.set(seq, {seq, versionId, chunkId: row.id, kind: 'dense', vector: vector.slice()})
  }

  #deleteChunk(row: ChunkRow): void {
    if (row.deleted) return
    this.#counts.chunksDeleted++
    row.deleted = true
  }

  #remove(docId: string): void {
    const row = this.#find(docId)
    if (!row || row.deleted) return
    this.#counts.removed++
    row.deleted = true
    row.changedVersion = this.#nextVersion()
    for (const chunk of this.#chunksOf(row)) this.#deleteChunk(chunk)
  }
}

type Content = Pick<DocumentRow, 'docHash' | 'title' | 'language' | 'source' | 'metadata'>

function contentOf({docHash, title, language, source, metadata}: Content): Content {
  return structuredClone({docHash, title, language, source, metadata})
}

function withoutVector(put: ChunkPut): ChunkPut {
  const copy: {-readonly [K in keyof ChunkPut]: ChunkPut[K]} = structuredClone(put)
  delete copy.vector
  return copy
}

const noVectors = (docId: string): RagError =>
  new RagError(
    'NO_VECTORS',
    `"${docId}" came with a vector, but its corpus has no live embedding version to put it in.`,
  )
