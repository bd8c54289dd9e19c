import {openRag, type Rag, type RagOptions} from '../../src/lib/index.js'
import {inspectStore, snapshotCorpus, withDatabase, type CorpusSnapshot} from './corpus-snapshot.js'
import {MemoryStores} from './memory/memory-rag.js'

/** Stores of one kind for one test: opened through the public face, and read past it. */
export interface RagStores {
  /** Calls with equal `dataDir` share one database, as processes do. */
  open(options: RagOptions): Promise<Rag>
  snapshot(dataDir: string, corpus: string): CorpusSnapshot
  /** Promises that rows make to each other and to the files and do not keep; empty when all is whole. */
  faults(dataDir: string): readonly string[]
  /** Embedding versions of all corpora, by number. */
  versions(dataDir: string): readonly VersionRow[]
  /** Vectors of live versions, by seq. */
  liveVectors(dataDir: string): readonly SeqVector[]
  rows(dataDir: string): RowCounts
}

export interface RowCounts {
  /** Softly deleted ones included. */
  readonly chunks: number
  readonly deletedChunks: number
  readonly vectors: number
  /** Of the database file; 0 where there is none. */
  readonly pages: number
}

/** Number, state, and whether it is kept. */
export type VersionRow = readonly [number, string, boolean]
/** Seq, and the bytes of the vector in hex. */
export type SeqVector = readonly [number, string]

/** A kind of store that suites run on. All kinds have to answer alike through the face. */
export interface StoreKind {
  readonly name: string
  /** For each test anew: what is in memory goes with it. */
  createStores(): RagStores
  /** Declares a test that needs the file of a database or a cache; on a kind that has none, nothing. */
  itOnDisk(title: string, work: Mocha.AsyncFunc): void
  /** Declares a test of sizes that take several seconds; on one kind only. */
  itAtScale(title: string, work: Mocha.AsyncFunc): void
}

const declare = (title: string, work: Mocha.AsyncFunc): void => void it(title, work)
const declareNothing = (): void => undefined

export const STORE_KINDS: readonly StoreKind[] = [
  {name: 'sqlite', createStores: () => SQLITE, itOnDisk: declare, itAtScale: declare},
  {
    name: 'memory',
    createStores: () => new MemoryStores(),
    itOnDisk: declareNothing,
    itAtScale: declareNothing,
  },
]

const SQLITE: RagStores = {
  open: openRag,
  snapshot: snapshotCorpus,
  faults: (dataDir) => inspectStore(dataDir).faults,
  versions: (dataDir) =>
    withDatabase(dataDir, (db) => {
      const rows = db
        .prepare('SELECT number, state, kept FROM embedding_versions ORDER BY number')
        .raw()
        .all()
      return (rows as [number, string, 0 | 1][]).map(([number, state, kept]) => [number, state, kept === 1])
    }),
  liveVectors: (dataDir) =>
    withDatabase(
      dataDir,
      (db) =>
        db
          .prepare(
            `SELECT v.seq, lower(hex(v.vector)) FROM vectors v
             JOIN embedding_versions e ON e.id = v.version_id AND e.state = 'live' ORDER BY v.seq`,
          )
          .raw()
          .all() as SeqVector[],
    ),
  rows: (dataDir) =>
    withDatabase(dataDir, (db) => {
      const count = (what: string): number =>
        db.prepare(`SELECT count(*) FROM ${what}`).pluck().get() as number
      return {
        chunks: count('chunks'),
        deletedChunks: count('chunks WHERE deleted_at_ms IS NOT NULL'),
        vectors: count('vectors'),
        pages: db.pragma('page_count', {simple: true}) as number,
      }
    }),
}
