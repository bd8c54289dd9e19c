import {randomUUID} from 'node:crypto'
import type {ChunkPut} from '../../../src/lib/model/batch.js'
import type {Corpus} from '../../../src/lib/model/corpus.js'
import type {SourceState} from '../../../src/lib/model/document.js'
import type {EmbeddingVersion, PendingScope, VectorKind} from '../../../src/lib/model/embedding.js'
import {leaseLost} from '../../../src/lib/model/errors/corpus/lease.js'
import {RagError} from '../../../src/lib/model/errors/rag-error.js'
import type {Metadata} from '../../../src/lib/model/metadata.js'
import type {Segment} from '../../../src/lib/model/segment.js'
import type {PendingPurge} from '../../../src/lib/ports/store/purge-log.js'
import type {Profile, SessionMessage} from '../../../src/lib/model/session.js'
import {
  reembedLease,
  type Lease,
  type LeaseHolder,
  type ProcessTable,
} from '../../../src/lib/ports/store/lease.js'
import type {Clock} from '../../../src/lib/ports/surroundings.js'

/** A document, live or softly deleted. */
export interface DocumentRow {
  readonly id: number
  readonly corpusId: number
  readonly docId: string
  docHash: string
  title: string
  language: string
  source: SourceState
  metadata: Metadata
  createdAtMs: number
  updatedAtMs: number
  deleted: boolean
  /** Of the corpus, when it was changed last. */
  changedVersion: number
}

/** A chunk, live or softly deleted. `put` is the store's own copy, without a vector. */
export interface ChunkRow {
  readonly id: number
  readonly documentId: number
  readonly corpusId: number
  put: ChunkPut
  deleted: boolean
}

export interface VectorRow {
  readonly seq: number
  readonly versionId: number
  readonly chunkId: number
  readonly kind: VectorKind
  readonly vector: Float32Array
}

export interface LeaseRow {
  readonly token: number
  readonly holder: LeaseHolder
  readonly purpose: string
  heartbeatAtMs: number
}

export interface SessionRow {
  readonly id: string
  user: string | undefined
  readonly createdAtMs: number
  updatedAtMs: number
  log: SessionMessage[]
}

/** All that the store holds. Ids and seqs come from counters that never go back. */
export class MemoryState {
  readonly clock: Clock
  readonly processes: ProcessTable
  readonly corpora = new Map<number, Corpus>()
  readonly documents = new Map<number, DocumentRow>()
  readonly chunks = new Map<number, ChunkRow>()
  readonly versions = new Map<number, EmbeddingVersion>()
  /** By seq, hence in ascending order. */
  readonly vectors = new Map<number, VectorRow>()
  readonly segments = new Map<number, Segment>()
  readonly staged = new Map<number, Segment>()
  readonly purges = new Map<number, PendingPurge>()
  readonly leases = new Map<string, LeaseRow>()
  /** By corpus: up to which version deletions can't be told any more. */
  readonly forgotten = new Map<number, number>()
  readonly sessions = new Map<string, SessionRow>()
  readonly profiles = new Map<string, Profile>()
  #lastId = 0
  #lastSeq = 0
  #lastToken = 0

  constructor(surroundings: {readonly clock: Clock; readonly processes: ProcessTable}) {
    this.clock = surroundings.clock
    this.processes = surroundings.processes
  }

  nextId(): number {
    return ++this.#lastId
  }

  nextSeq(): number {
    return ++this.#lastSeq
  }

  /** A name that no other store in memory has. */
  nextStateName(): string {
    return randomUUID()
  }

  nextToken(): number {
    return ++this.#lastToken
  }

  /** @throws RagError INTERNAL | LEASE_LOST when the lease is not the corpus's present one */
  writable(corpusId: number, lease: Lease): Corpus {
    const held = this.leases.get(lease.corpus)
    if (held?.token !== lease.token) throw leaseLost(lease.corpus)
    const corpus = this.corpora.get(corpusId)
    if (!corpus) throw internal(`there is no corpus ${corpusId}`)
    if (corpus.name !== lease.corpus) throw leaseLost(corpus.name)
    return corpus
  }

  /** The version with the right to write its corpus. @throws RagError INTERNAL | LEASE_LOST */
  writableVersion(versionId: number, lease: Lease): EmbeddingVersion {
    const version = this.#versionFor(versionId, lease)
    this.writable(version.corpusId, lease)
    return version
  }

  /** The version with the right to write its vectors and segments. @throws RagError INTERNAL | LEASE_LOST */
  writableVectors(versionId: number, lease: Lease): EmbeddingVersion {
    const version = this.#versionFor(versionId, lease)
    const {name} = this.corpora.get(version.corpusId)!
    if (version.state !== 'building' || lease.corpus !== reembedLease(name))
      return this.writableVersion(versionId, lease)
    if (this.leases.get(lease.corpus)?.token !== lease.token) throw leaseLost(name)
    return version
  }

  /** A late holder does not find what its successor has dropped: that its lease is lost comes first. */
  #versionFor(versionId: number, lease: Lease): EmbeddingVersion {
    const version = this.versions.get(versionId)
    if (version) return version
    if (this.leases.get(lease.corpus)?.token !== lease.token) throw leaseLost(lease.corpus)
    throw internal(`there is no embedding version ${versionId}`)
  }

  /** Raises the corpus's version by one and returns it as it is then. */
  bump(corpus: Corpus): Corpus {
    const next = {
      ...corpus,
      version: corpus.version + 1,
      state: this.nextStateName(),
      updatedAtMs: this.clock.now(),
    }
    this.corpora.set(corpus.id, next)
    return next
  }

  /** Documents that are others since this version of their corpus. */
  markChanged(which: (row: DocumentRow) => boolean, changedVersion: number): void {
    for (const row of this.documents.values())
      if (which(row)) this.documents.set(row.id, {...row, changedVersion})
  }

  liveVersion(corpusId: number): EmbeddingVersion | undefined {
    return [...this.versions.values()].find((it) => it.corpusId === corpusId && it.state === 'live')
  }

  /** Live chunks of a corpus, ascending by id. */
  liveChunks(corpusId: number): ChunkRow[] {
    return [...this.chunks.values()].filter((it) => it.corpusId === corpusId && !it.deleted)
  }

  /** What filters on a chunk look at: its document, with the chunk's own metadata laid over the document's. */
  filtered(chunk: ChunkRow): DocumentRow {
    const document = this.documents.get(chunk.documentId)!
    return {...document, metadata: {...document.metadata, ...chunk.put.metadata}}
  }

  /** The vector of a chunk in a version, of whatever kind. */
  vectorOf(versionId: number, chunkId: number): VectorRow | undefined {
    for (const row of this.vectors.values())
      if (row.chunkId === chunkId && row.versionId === versionId) return row
    return undefined
  }

  /** Ids of chunks that have a vector, of whatever kind, in the version; those with a placeholder only with `dummies` unset. */
  doneChunks(versionId: number, {dummies = false}: PendingScope = {}): Set<number> {
    const done = new Set<number>()
    for (const row of this.vectors.values())
      if (row.versionId === versionId && !(dummies && row.kind === 'dummy')) done.add(row.chunkId)
    return done
  }

  /** Removes the segments of a version, published and staged. */
  eraseSegments(versionId: number): void {
    for (const table of [this.segments, this.staged])
      for (const segment of table.values()) if (segment.versionId === versionId) table.delete(segment.id)
  }

  /** Dense vectors of live chunks, ascending by seq. */
  denseVectors(versionId: number): VectorRow[] {
    return [...this.vectors.values()].filter(
      (it) =>
        it.versionId === versionId && it.kind === 'dense' && this.chunks.get(it.chunkId)?.deleted === false,
    )
  }

  /** Takes chunks out for good, with their vectors; says which seqs went. */
  eraseChunks(chunkIds: ReadonlySet<number>): number[] {
    for (const id of chunkIds) this.chunks.delete(id)
    return this.eraseVectors((row) => chunkIds.has(row.chunkId))
  }

  eraseVectors(goes: (row: VectorRow) => boolean): number[] {
    const seqs = [...this.vectors.values()].filter(goes).map((row) => row.seq)
    for (const seq of seqs) this.vectors.delete(seq)
    return seqs
  }
}

export const internal = (what: string): RagError =>
  new RagError('INTERNAL', `The store was asked for something it refuses: ${what}.`)
