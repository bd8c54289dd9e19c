import {createHash} from 'node:crypto'
import {cpSync, rmSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {createExactSegment} from '../../src/lib/adapters/exact/exact-segment.js'
import {createSegmentLoader} from '../../src/lib/adapters/hnsw/segment-loader.js'
import {openRag, type Rag} from '../../src/lib/index.js'
import {createServices} from '../../src/lib/engine/create-services.js'
import {openIndex} from '../../src/lib/retrieve/open-index.js'
import {searchVectors} from '../../src/lib/retrieve/vector-search.js'
import {withDatabase} from './corpus-snapshot.js'
import {SeededText} from './seeded-text.js'
import {SeededVectors} from './seeded-vectors.js'
import type {TempHome} from './temp-home.js'

/** The least size of a segment, so that the store is small. */
const SEGMENT = 2048
const SEGMENTS = 3
const DIMENSION = 8
const WORKERS = 3
/** Corpora with learned models, each of another size. */
const LEARNED = ['one', 'two', 'three', 'four', 'five', 'six'] as const
export const CORPORA = ['given', ...LEARNED] as const
/** Index segments and model files. */
export const FILES = SEGMENTS + LEARNED.length

/** What the searches of a whole store answer. */
export interface Answers {
  /** Nearest chunks of each query in the corpus with vectors of its own. */
  readonly nearest: readonly (readonly number[])[]
  readonly hybrid: Readonly<Record<string, readonly string[]>>
  readonly keyword: Readonly<Record<string, readonly string[]>>
}

/**
 * A store with the corpus `given` (vectors that come with the documents, three segments) and some small ones with learned models.
 * It can be damaged, searched, and put back.
 */
export class DamagedStore {
  readonly home: TempHome
  readonly queries: readonly Float32Array[]
  readonly words: string
  readonly #copy: string

  private constructor(home: TempHome, words: string) {
    this.home = home
    this.words = words
    this.#copy = home.path('copy')
    const vectors = new SeededVectors(DIMENSION, 99)
    this.queries = Array.from({length: 3}, () => vectors.next())
  }

  static async build(home: TempHome): Promise<DamagedStore> {
    const text = new SeededText(5, 200)
    const rag = await openRag({dataDir: home.data, maxWorkers: WORKERS, cache: {off: true}})
    const vectors = new SeededVectors(DIMENSION, 3)
    const given = Array.from({length: 64}, (_, d) => ({
      doc_id: `doc-${d}`,
      text: '',
      chunks: Array.from({length: (SEGMENT * SEGMENTS) / 64}, (_, c) => ({
        text: `piece ${c} of ${text.words[(d * 7 + c) % 200]}`,
        embedding: [...vectors.next()],
      })),
    }))
    const file = home.write('given.jsonl', given.map((it) => JSON.stringify(it)).join('\n'))
    await rag.ingest({corpus: 'given', jsonl: file, settings: {model: 'external:test'}})
    for (const [i, corpus] of LEARNED.entries()) {
      const count = 40 - 5 * i
      for (let d = 0; d < count; d++) home.write(`${corpus}/doc-${d}.md`, text.document(d % 10, 3, 12))
      await rag.ingest({corpus, dirs: [home.path(corpus)], settings: {dimension: 16}})
    }
    await rag.close()
    const store = new DamagedStore(home, `${text.words[3]} ${text.words[40]}`)
    store.keep()
    return store
  }

  /** Remembers the state of now, to be put back. */
  keep(): void {
    rmSync(this.#copy, {recursive: true, force: true})
    cpSync(this.home.data, this.#copy, {recursive: true})
  }

  /** Puts index and model files back as they were. */
  putBack(): void {
    for (const folder of ['indexes', 'models']) {
      rmSync(path.join(this.home.data, folder), {recursive: true, force: true})
      cpSync(path.join(this.#copy, folder), path.join(this.home.data, folder), {recursive: true})
    }
  }

  open(): Promise<Rag> {
    return openRag({dataDir: this.home.data, maxWorkers: WORKERS, cache: {off: true}})
  }

  /** The files that rows name, as findings call them. */
  files(): string[] {
    return withDatabase(
      this.home.data,
      (db) =>
        db
          .prepare(
            `SELECT 'indexes/' || file FROM segments
             UNION ALL SELECT 'models/' || model_file FROM embedding_versions WHERE model_file IS NOT NULL`,
          )
          .pluck()
          .all() as string[],
    )
  }

  pathOf(file: string): string {
    return path.join(this.home.data, file)
  }

  /** SHA-256 over the stored vectors of a corpus with their chunks (and, for vectors that were given, their seqs). */
  vectorsOf(corpus: string): string {
    const seq = corpus === 'given' ? 'v.seq' : '0'
    return withDatabase(this.home.data, (db) => {
      const hash = createHash('sha256')
      const rows = db
        .prepare(
          `SELECT ${seq} || ' ' || v.chunk_id || ' ' || v.kind || ' ' || hex(v.vector) AS row FROM vectors v
           JOIN embedding_versions e ON e.id = v.version_id AND e.state = 'live'
           JOIN corpora o ON o.id = e.corpus_id WHERE o.name = ? ORDER BY v.chunk_id`,
        )
        .pluck()
        .iterate(corpus)
      for (const row of rows) hash.update(row as string)
      return hash.digest('hex')
    })
  }

  /** Nearest chunks in `given`, by the index as it is; and what had to be worked around. */
  async nearest(): Promise<{nearest: number[][]; problems: readonly string[]}> {
    const opened = createServices({dataDir: this.home.data})
    const {services} = opened
    try {
      const store = await services.store.read()
      const corpus = (await store.listCorpora()).find(({name}) => name === 'given')!
      const [version] = await store.listEmbeddingVersions(corpus.id)
      const tools = {
        store,
        files: services.indexFiles,
        loader: createSegmentLoader(),
        exact: createExactSegment,
      }
      const index = await openIndex(tools, version!)
      const hits = await Promise.all(
        this.queries.map((vector) => searchVectors(store, index, {vector, limit: 10, filters: []})),
      )
      index.parts.forEach((part) => part.close())
      return {nearest: hits.map((list) => list.map(({chunkId}) => chunkId)), problems: index.problems}
    } finally {
      await opened.close()
    }
  }

  /** What the store answers while it is whole. */
  async answers(): Promise<Answers> {
    const rag = await this.open()
    const [hybrid, keyword]: Record<string, string[]>[] = [{}, {}]
    for (const corpus of LEARNED) {
      hybrid![corpus] = await this.#hits(rag, corpus, 'hybrid')
      keyword![corpus] = await this.#hits(rag, corpus, 'keyword')
    }
    await rag.close()
    const {nearest, problems} = await this.nearest()
    expect(problems).to.deep.equal([])
    return {nearest, hybrid: hybrid!, keyword: keyword!}
  }

  /** A search must answer as the whole store would, or by keyword alone and say so. Returns how many answers were degraded. */
  async expectRightAnswers(rag: Rag, whole: Answers, context: string): Promise<number> {
    const {nearest, problems} = await this.nearest()
    expect(nearest, context).to.deep.equal(whole.nearest)
    let degraded = problems.length > 0 ? 1 : 0
    for (const corpus of LEARNED) {
      const report = await rag.search(corpus, {query: this.words, mode: 'hybrid', topK: 5})
      const found = report.hits.map(({chunkId}) => chunkId)
      expect(found, `${context}, ${report.notes.join()}`).to.deep.equal(
        (report.degraded ? whole.keyword : whole.hybrid)[corpus],
      )
      if (report.degraded) degraded++
    }
    return degraded
  }

  async #hits(rag: Rag, corpus: string, mode: 'hybrid' | 'keyword'): Promise<string[]> {
    const report = await rag.search(corpus, {query: this.words, mode, topK: 5})
    expect(report.degraded).to.equal(false)
    return report.hits.map(({chunkId}) => chunkId)
  }
}
