import {writeFileSync} from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import {createServices} from '../../src/lib/engine/create-services.js'
import {requireCorpus} from '../../src/lib/corpus/require-corpus.js'
import {openEmbedder} from '../../src/lib/embedding/open-embedder.js'
import type {Rag} from '../../src/lib/index.js'
import {quantile, type Bench, type Work} from './bench.js'
import {atLeast, atMost} from './figure.js'
import {SeededWords} from './seeded-files.js'

const TOP = 10
const QUERIES = 200
const TOPICS = 300

export const warmSearch: Work = {
  name: 'warm-search',
  about: 'searches of an open store, 100,000 chunks of 256 dimensions',
  run: async (bench) => {
    const dataDir = bench.path('warm-store')
    const {jsonl, queries} = writeRecords(bench, bench.size(100_000, 4000))
    const rag = await bench.open({dataDir})
    try {
      await rag.ingest({corpus: 'default', jsonl, batchSize: 1000})
      const {chunks} = await rag.showCorpus('default')
      const of = ` of ${chunks.toLocaleString('en')} chunks`
      const hybrid = await latencies(rag, queries, 'hybrid')
      const keyword = await latencies(rag, queries, 'keyword')
      const vector = await latencies(rag, queries, 'vector')
      const exact = await ExactScan.open(dataDir)
      const {recall, scanMs} = await exact.compare(rag, queries)
      const floor = {what: 'exact scan in one typed array', value: scanMs, unit: 'ms'}
      return [
        {what: `hybrid${of}, p50`, value: quantile(hybrid), unit: 'ms', ...atMost(5), floor},
        {what: `hybrid${of}, p95`, value: quantile(hybrid, 0.95), unit: 'ms', ...atMost(15), floor},
        {what: 'keyword, p50', value: quantile(keyword), unit: 'ms'},
        {what: 'vector, p50', value: quantile(vector), unit: 'ms', floor},
        {
          what: `vector, recall@${TOP}`,
          value: recall,
          unit: '',
          ...atLeast(0.98),
          floor: {what: 'exact scan'},
        },
      ]
    } finally {
      await rag.close()
    }
  },
}

/** One chunk each; queries are pieces of every so many. */
function writeRecords(bench: Bench, count: number): {jsonl: string; queries: string[]} {
  const words = new SeededWords(7)
  const queries: string[] = []
  const lines = Array.from({length: count}, (_, i) => {
    const topic = words.below(TOPICS)
    const text = Array.from({length: 4}, () => words.sentenceAbout(topic)).join(' ')
    if (i % Math.ceil(count / QUERIES) === 0) queries.push(text.split(' ').slice(3, 9).join(' '))
    return JSON.stringify({doc_id: `r${i}`, text})
  })
  const jsonl = bench.path('warm.jsonl')
  writeFileSync(jsonl, `${lines.join('\n')}\n`)
  return {jsonl, queries}
}

/** Milliseconds of each search, none of them answered from a cache; the first round only warms up. */
async function latencies(
  rag: Rag,
  queries: readonly string[],
  mode: 'hybrid' | 'keyword' | 'vector',
): Promise<number[]> {
  const took: number[] = []
  for (const query of [...queries, ...queries]) {
    const startedAt = performance.now()
    await rag.search('default', {query, mode, cache: 'off'})
    took.push(performance.now() - startedAt)
  }
  return took.slice(queries.length)
}

/** All vectors of the store in one array, and the model that makes those of queries. */
class ExactScan {
  readonly #dataDir: string
  readonly #names: readonly string[]
  readonly #vectors: Float32Array
  readonly #dimension: number

  private constructor(dataDir: string, rows: readonly {name: string; vector: Buffer}[]) {
    this.#dataDir = dataDir
    this.#names = rows.map(({name}) => name)
    this.#dimension = rows[0]!.vector.length / 4
    this.#vectors = new Float32Array(rows.length * this.#dimension)
    for (const [row, {vector}] of rows.entries()) {
      const values = new Float32Array(new Uint8Array(vector).buffer)
      this.#vectors.set(unit(values), row * this.#dimension)
    }
  }

  static async open(dataDir: string): Promise<ExactScan> {
    const db = new Database(path.join(dataDir, 'rag.db'), {readonly: true})
    const rows = db
      .prepare<[], {name: string; vector: Buffer}>(
        `SELECT d.doc_id AS name, v.vector FROM vectors v JOIN chunks c ON c.id = v.chunk_id JOIN documents d ON d.id = c.document_id
         WHERE v.kind = 'dense'`,
      )
      .all()
    db.close()
    return new ExactScan(dataDir, rows)
  }

  /** The share of true neighbours that searches find, and the time of a scan. As near as the last of the best is near enough. */
  async compare(rag: Rag, queries: readonly string[]): Promise<{recall: number; scanMs: number}> {
    const opened = createServices({dataDir: this.#dataDir})
    const {services} = opened
    try {
      const store = await services.store.read()
      const corpus = await requireCorpus(store, 'default')
      const version = (await store.listEmbeddingVersions(corpus.id)).find(({state}) => state === 'live')!
      const embedder = await openEmbedder(services, corpus, version, {kind: 'query'})
      const took: number[] = []
      let found = 0
      let asked = 0
      for (const text of queries) {
        const [vector] = await embedder.embed([{text}], {kind: 'query'})
        if (!vector) continue
        const startedAt = performance.now()
        const scores = this.#scores(unit(vector))
        const least = leastOfBest(scores)
        took.push(performance.now() - startedAt)
        const near = new Set(this.#names.filter((_, row) => scores[row]! >= least - 1e-6))
        const {hits} = await rag.search('default', {query: text, mode: 'vector', topK: TOP, cache: 'off'})
        found += hits.filter(({docId}) => near.has(docId)).length
        asked += TOP
      }
      await embedder.close()
      return {recall: found / asked, scanMs: quantile(took)}
    } finally {
      await opened.close()
    }
  }

  #scores(query: Float32Array): Float32Array {
    const dimension = this.#dimension
    const scores = new Float32Array(this.#names.length)
    for (let row = 0; row < scores.length; row++) {
      let sum = 0
      for (let i = 0; i < dimension; i++) sum += this.#vectors[row * dimension + i]! * query[i]!
      scores[row] = sum
    }
    return scores
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map((value) => value / length)
}

/** The least of the best `TOP`. */
function leastOfBest(scores: Float32Array): number {
  const best = new Float32Array(TOP).fill(-Infinity)
  for (const score of scores) {
    if (score <= best[0]!) continue
    let at = 1
    for (; at < TOP && best[at]! < score; at++) best[at - 1] = best[at]!
    best[at - 1] = score
  }
  return best[0]!
}
