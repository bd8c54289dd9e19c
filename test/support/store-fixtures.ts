import {createHash} from 'node:crypto'
import {expect} from 'chai'
import type {ChunkPut, DocumentBatch, DocumentPut} from '../../src/lib/model/batch.js'
import type {Corpus, CorpusSettings} from '../../src/lib/model/corpus.js'
import type {EmbeddingVersion, NewEmbeddingVersion, VectorBlock} from '../../src/lib/model/embedding.js'
import {RagError, type ErrorCode} from '../../src/lib/model/errors.js'
import type {Metadata} from '../../src/lib/model/metadata.js'
import {corpusName} from '../../src/lib/model/names.js'
import {MAX_SEQ} from '../../src/lib/model/vector.js'
import type {Lease, LeaseHolder, ProcessTable} from '../../src/lib/ports/store/lease.js'
import type {Store} from '../../src/lib/ports/store/store.js'
import type {FixedClock} from './fixed-clock.js'

/** A process table whose answers are set by the test; everything it was not told of is alive. */
export class FakeProcessTable implements ProcessTable {
  readonly #statuses = new Map<number, 'alive' | 'dead' | 'unknown'>()

  self(): LeaseHolder {
    return holder(1)
  }

  isRunning(): boolean {
    return true
  }

  status({pid}: LeaseHolder): 'alive' | 'dead' | 'unknown' {
    return this.#statuses.get(pid) ?? 'alive'
  }

  set({pid}: LeaseHolder, status: 'alive' | 'dead' | 'unknown'): void {
    this.#statuses.set(pid, status)
  }
}

/** A store with what surrounds it, for a contract suite. */
export interface StoreUnderTest {
  readonly store: Store
  readonly clock: FixedClock
  readonly processes: FakeProcessTable
  readonly close: () => Promise<void>
}

/** One that leaves something when it is closed. */
export interface DurableStoreUnderTest extends StoreUnderTest {
  /** Closes the store and opens what it left. */
  readonly reopen: () => Promise<Store>
}

export type OpenStore = () => Promise<StoreUnderTest>
export type OpenDurableStore = () => Promise<DurableStoreUnderTest>

export const WHOLE = {from: 0, to: MAX_SEQ}
export const DIMENSION = 4

export const settings = (more: Partial<CorpusSettings> = {}): CorpusSettings => ({
  model: 'lsa',
  chunkSize: 200,
  chunkOverlap: 20,
  dimension: DIMENSION,
  ...more,
})

export const holder = (pid: number, host = 'here'): LeaseHolder => ({
  host,
  bootId: `boot-of-${host}`,
  pid,
  startedAt: `start-of-${pid}`,
})

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export interface DocumentSketch {
  readonly id: string
  readonly texts: readonly string[]
  readonly title?: string
  readonly language?: string
  readonly metadata?: Metadata
  readonly chunkMetadata?: readonly (Metadata | undefined)[]
  readonly source?: string
  readonly vectors?: readonly (Float32Array | undefined)[]
}

/** A document as a stage would put it; terms are its words in lower case, hashes are true ones. */
export function documentPut(sketch: DocumentSketch): DocumentPut {
  const title = sketch.title ?? ''
  const language = sketch.language ?? 'en'
  return {
    docId: sketch.id,
    docHash: sha256(JSON.stringify(sketch.texts)),
    title,
    language,
    source: {source: sketch.source ?? `/files/${sketch.id}`, sizeBytes: 10, mtimeMs: 5, readAtMs: 6},
    metadata: sketch.metadata ?? {},
    chunks: sketch.texts.map((text, i) => {
      const vector = sketch.vectors?.[i]
      const metadata = sketch.chunkMetadata?.[i]
      return {
        ...chunkPut(text, i, {title, language}),
        ...(vector && {vector}),
        ...(metadata && {metadata}),
      }
    }),
  }
}

function chunkPut(text: string, i: number, {title, language}: {title: string; language: string}): ChunkPut {
  return {
    ordinal: i + 1,
    text,
    heading: ['Part', 'Section'],
    startLine: i * 10 + 1,
    endLine: i * 10 + 10,
    tokens: text.split(' ').length,
    overlap: i === 0 ? 0 : 3,
    contentHash: sha256(text),
    inputHash: sha256(JSON.stringify([title, 'Part', 'Section', text, language])),
    terms: {title: title.toLowerCase(), body: text.toLowerCase()},
  }
}

export const batch = (parts: Partial<DocumentBatch>): DocumentBatch => ({
  put: [],
  touch: [],
  remove: [],
  ...parts,
})

export const puts = (...sketches: DocumentSketch[]): DocumentBatch => batch({put: sketches.map(documentPut)})

/** A corpus being written: its store, lease and shorthands for what nearly every test does. */
export class WrittenCorpus {
  readonly store: Store
  readonly id: number
  readonly corpus: Corpus
  lease: Lease

  constructor(store: Store, corpus: Corpus, lease: Lease) {
    this.store = store
    this.corpus = corpus
    this.id = corpus.id
    this.lease = lease
  }

  put(...sketches: DocumentSketch[]): ReturnType<Store['commit']> {
    return this.store.commit(this.id, puts(...sketches), this.lease)
  }

  remove(...ids: string[]): ReturnType<Store['commit']> {
    return this.store.commit(this.id, batch({remove: ids}), this.lease)
  }

  async version(): Promise<number> {
    return (await this.store.getCorpus(this.corpus.name))!.version
  }

  async chunks(docId: string): ReturnType<Store['documentChunks']> {
    const document = await this.store.getDocument(this.id, docId)
    return document ? this.store.documentChunks(document.id) : []
  }

  async chunkIds(docId: string): Promise<number[]> {
    return (await this.chunks(docId)).map((chunk) => chunk.id)
  }

  async search(...terms: string[]): Promise<number[]> {
    return (await this.store.searchKeywords(this.id, {terms, limit: 1000})).map((hit) => hit.chunkId)
  }

  addVersion(more: Partial<NewEmbeddingVersion> = {}): Promise<EmbeddingVersion> {
    return this.store.addEmbeddingVersion(this.id, identity(more), this.lease)
  }

  /** A new version, live at once. */
  async liveVersion(more: Partial<NewEmbeddingVersion> = {}): Promise<EmbeddingVersion> {
    const version = await this.addVersion(more)
    await this.store.setLiveVersion(version.id, this.lease, {allowPending: true})
    return version
  }

  /** Gives dense vectors to chunks. */
  embed(versionId: number, chunkIds: readonly number[]): Promise<VectorBlock> {
    const vectors = chunkIds.map((chunkId) => ({chunkId, kind: 'dense' as const, vector: vectorOf(chunkId)}))
    return this.store.commitVectors(versionId, vectors, this.lease)
  }

  async embedAll(versionId: number): Promise<VectorBlock> {
    const pending = await this.store.pendingChunks(this.id, versionId, {afterId: 0, limit: 1000})
    return this.embed(
      versionId,
      pending.map((it) => it.chunkId),
    )
  }
}

export async function openCorpus(store: Store, name = 'books', pid = 1): Promise<WrittenCorpus> {
  const corpus = await store.createCorpus(corpusName(name), settings())
  return new WrittenCorpus(store, corpus, await store.acquireLease(name, holder(pid), 'ingest'))
}

export const identity = (more: Partial<NewEmbeddingVersion> = {}): NewEmbeddingVersion => ({
  provider: 'lsa',
  model: 'lsa',
  dimension: DIMENSION,
  fingerprint: 'f1',
  ...more,
})

/** A vector that tells whose it is. */
export const vectorOf = (n: number, dimension = DIMENSION): Float32Array =>
  Float32Array.from({length: dimension}, (_, i) => n + i / 8)

export async function collect<T>(blocks: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const block of blocks) all.push(block)
  return all
}

/** All dense vectors of a version as `[seq, numbers…]`. */
export async function denseVectors(store: Store, versionId: number): Promise<number[][]> {
  const blocks = await collect(store.readVectors(versionId, WHOLE, 3))
  return blocks.flatMap(({seqs, vectors}) =>
    [...seqs].map((seq, i) => [seq, ...vectors.subarray(i * DIMENSION, (i + 1) * DIMENSION)]),
  )
}

/** Everything that the port tells of a corpus; two equal ones mean that nothing was changed in between. */
export async function snapshot({store, id, corpus}: WrittenCorpus): Promise<unknown> {
  const {documents} = await store.listDocuments(id, {})
  const versions = await store.listEmbeddingVersions(id)
  return {
    corpus: await store.getCorpus(corpus.name),
    counts: await store.countCorpus(id),
    documents,
    sources: await store.listSources(id),
    chunks: await Promise.all(documents.map((it) => store.documentChunks(it.id))),
    keywords: await store.searchKeywords(id, {terms: ['red', 'green', 'blue', 'grey'], limit: 1000}),
    versions,
    vectors: await Promise.all(versions.map((it) => denseVectors(store, it.id))),
    segments: await Promise.all(versions.map((it) => store.listSegments(it.id))),
    purges: await store.pendingPurges(id),
    drafts: await Promise.all(versions.map((it) => store.listStaged(it.id))),
  }
}

export async function rejects(promise: Promise<unknown>, code: ErrorCode, message?: RegExp): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error, `should be refused with ${code}`).to.be.instanceOf(RagError)
  expect((error as RagError).code).to.equal(code)
  if (message) expect((error as RagError).message).to.match(message)
}

/** Opens a store before and closes it after each test of the suite it is called in; the answer gives the present one. */
export function eachOpens<Tested extends StoreUnderTest>(open: () => Promise<Tested>): () => Tested {
  let current: Tested | undefined
  beforeEach(async () => {
    current = await open()
  })
  afterEach(async () => {
    await current?.close()
    current = undefined
  })
  return () => current!
}
