import {createArtifactFiles} from '../../../src/lib/adapters/files/artifacts/artifact-files.js'
import type {FileOperations} from '../../../src/lib/adapters/files/file-operations.js'
import {createMemoryStore} from '../../support/memory/memory-store.js'
import {compactSegments, tailIsMerged, type Compaction} from '../../../src/lib/indexing/compact-segments.js'
import {indexTail, measureTail} from '../../../src/lib/indexing/index-tail.js'
import {checkpointSize, type SegmentSizes} from '../../../src/lib/indexing/segment-size.js'
import {SegmentWriter} from '../../../src/lib/indexing/segment-writer.js'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'
import type {ArtifactFiles} from '../../../src/lib/ports/files/artifact-files.js'
import type {Store} from '../../../src/lib/ports/store/store.js'
import {FixedClock} from '../../support/fixed-clock.js'
import {FakeProcessTable, openCorpus, WHOLE, type WrittenCorpus} from '../../support/store-fixtures.js'
import {createFakeBuilder, type FakeBuilder} from './fake-builder.js'

export const FOLDER = 'books/v1'
export const SIZES: SegmentSizes = {min: 8, max: 256}

/** A corpus with one live version, an index of small segments, and the steps that a write takes. */
export class IndexUnderTest {
  readonly books: WrittenCorpus
  readonly version: EmbeddingVersion
  readonly files: ArtifactFiles
  readonly builder: FakeBuilder
  readonly threads: number

  private constructor(made: {
    books: WrittenCorpus
    version: EmbeddingVersion
    files: ArtifactFiles
    builder: FakeBuilder
  }) {
    this.books = made.books
    this.version = made.version
    this.files = made.files
    this.builder = made.builder
    this.threads = made.builder.concurrency
  }

  static async open(
    root: string,
    more: {readonly operations?: FileOperations; readonly builder?: FakeBuilder; readonly store?: Store} = {},
  ): Promise<IndexUnderTest> {
    const store =
      more.store ?? createMemoryStore({clock: new FixedClock(), processes: new FakeProcessTable()})
    const books = await openCorpus(store)
    const version = await books.liveVersion()
    const self = {pid: 1, host: 'here', isAlive: () => false}
    const operations = more.operations ? {operations: more.operations} : {}
    const files = createArtifactFiles({root, self, ...operations})
    return new IndexUnderTest({books, version, files, builder: more.builder ?? createFakeBuilder()})
  }

  /** The same corpus, with other files and another builder. */
  static on(
    {books, version}: IndexUnderTest,
    root: string,
    {operations, builder}: {readonly operations: FileOperations; readonly builder: FakeBuilder},
  ): IndexUnderTest {
    const self = {pid: 1, host: 'here', isAlive: () => false}
    return new IndexUnderTest({books, version, files: createArtifactFiles({root, self, operations}), builder})
  }

  /** Puts documents of some chunks, embeds them, brings the index up and compacts it, as every write does. */
  async write(id: string, chunks: number, budget = 16 * SIZES.min): Promise<Compaction> {
    await this.books.put({id, texts: Array.from({length: chunks}, (_, i) => `${id} text ${i}`)})
    return this.compactAll(budget)
  }

  async compactAll(budget = 16 * SIZES.min): Promise<Compaction> {
    await this.books.embedAll(this.version.id)
    await this.checkpoint(budget)
    return this.compact(budget)
  }

  /** Makes segments of the tail, unless a compaction with this budget follows that makes them together with others. */
  async checkpoint(budget = 0): Promise<void> {
    const {store, lease} = this.books
    const tail = await measureTail(store, this.version)
    const segments = (await store.listSegments(this.version.id)).length
    if (tail.count < checkpointSize(segments, this.threads, SIZES)) return
    const {version, threads} = this
    if (await tailIsMerged(store, {version, threads, budget, sizes: SIZES}, 0)) return
    const writer = new SegmentWriter(
      {log: store, files: this.files, builder: this.builder},
      {version: this.version, folder: FOLDER, expected: tail.count, sizes: SIZES, lease},
    )
    await indexTail(store, tail, {version: this.version, writer})
    await writer.finish()
  }

  async compact(budget: number, everything = false, store = this.books.store): Promise<Compaction> {
    const {lease} = this.books
    const live = (await store.vectorSpan(this.version.id, WHOLE)).count
    const {files, version, threads} = this
    const done = await compactSegments(
      {store, files, builder: () => Promise.resolve(this.builder)},
      {version, folder: FOLDER, lease, threads, live, budget, everything, sizes: SIZES},
    )
    await this.vacuum()
    return done
  }

  async vacuum(): Promise<void> {
    const {store} = this.books
    const rows = [
      ...(await store.listSegments(this.version.id)),
      ...(await store.listStaged(this.version.id)),
    ]
    await this.files.vacuum('books', new Set(rows.map(({file}) => file)))
  }
}
