/**
 * Search quality of the LSA embedder on the judged collections: nDCG@10 of BM25 alone, of the vectors alone, and of both
 * under several fusions, over whole documents and with exact scores. Run: `npx tsx scripts/lsa-judged.ts [FOLDER…]`
 * (folders relative to `../shared/data/judged`; default all of them).
 */
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createAnalyser} from '../src/lib/text/analysis/create-analyser.js'
import {nodeFileOperations} from '../src/lib/adapters/files/file-operations.js'
import {createLsa} from '../src/lib/lsa/create-lsa.js'
import type {EmbedInput} from '../src/lib/model/embedding.js'
import {dot} from '../src/lib/model/vector.js'
import {sourceWorkerUrl} from '../test/support/worker-url.js'

const ROOT = path.resolve('../shared/data/judged')
const DEPTH = 100

interface Collection {
  readonly name: string
  readonly language: string
  readonly ids: readonly string[]
  readonly inputs: readonly EmbedInput[]
  readonly queries: readonly {readonly text: string; readonly relevant: ReadonlyMap<string, number>}[]
}

interface Line {
  readonly _id: string
  readonly title?: string
  readonly text: string
}

const lines = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

function readCollection(name: string): Collection {
  const folder = path.join(ROOT, name)
  const language = name.startsWith('xquad/') ? name.slice(6) : 'en'
  const qrels = new Map<string, Map<string, number>>()
  for (const line of readFileSync(path.join(folder, 'qrels.tsv'), 'utf8').split('\n').slice(1)) {
    const [query, doc, grade] = line.split('\t')
    if (query === undefined || doc === undefined || Number(grade) <= 0) continue
    if (!qrels.has(query)) qrels.set(query, new Map())
    qrels.get(query)!.set(doc, Number(grade))
  }
  const corpus = lines(path.join(folder, 'corpus.jsonl'))
  return {
    name,
    language,
    ids: corpus.map((doc) => doc._id),
    inputs: corpus.map(({title, text}) => ({text, language, ...(title ? {title} : {})})),
    queries: lines(path.join(folder, 'queries.jsonl')).flatMap(({_id, text}) => {
      const relevant = qrels.get(_id)
      return relevant === undefined ? [] : [{text, relevant}]
    }),
  }
}

const analyser = createAnalyser()

/** BM25 of every document; k1 1.2, b 0.75. */
class Bm25 {
  readonly #postings = new Map<string, {doc: number; tf: number}[]>()
  readonly #norms: Float64Array
  readonly #documents: number

  constructor(collection: Collection) {
    const lengths = collection.inputs.map((input, doc) => {
      const counts = new Map<string, number>()
      const terms = analyser.terms(`${input.title ?? ''}\n${input.text}`, collection.language)
      for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
      for (const [term, tf] of counts) {
        if (!this.#postings.has(term)) this.#postings.set(term, [])
        this.#postings.get(term)!.push({doc, tf})
      }
      return terms.length
    })
    const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length
    this.#norms = Float64Array.from(lengths, (length) => 1.2 * (0.25 + (0.75 * length) / mean))
    this.#documents = lengths.length
  }

  scores(terms: readonly string[]): Float64Array {
    const scores = new Float64Array(this.#documents)
    for (const term of terms) {
      const list = this.#postings.get(term) ?? []
      const idf = Math.log(1 + (this.#documents - list.length + 0.5) / (list.length + 0.5))
      for (const {doc, tf} of list) scores[doc]! += (idf * tf * 2.2) / (tf + this.#norms[doc]!)
    }
    return scores
  }
}

const top = (scores: Float64Array, least: number): number[] =>
  [...scores.keys()]
    .filter((doc) => scores[doc]! > least)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, DEPTH)

interface Sides {
  readonly keyword: Float64Array
  readonly vector: Float64Array
  readonly keywordTop: readonly number[]
  readonly vectorTop: readonly number[]
}

type Fusion = (sides: Sides) => Map<number, number>

const span = (scores: Float64Array, docs: readonly number[]): {low: number; width: number} => {
  const low = Math.min(...docs.map((doc) => scores[doc]!))
  const high = Math.max(...docs.map((doc) => scores[doc]!))
  return {low, width: high > low ? high - low : 1}
}

const union = (sides: Sides): number[] => [...new Set([...sides.keywordTop, ...sides.vectorTop])]

function minMax(weight: number): Fusion {
  return (sides) => {
    const docs = union(sides)
    const k = span(sides.keyword, docs)
    const v = span(sides.vector, docs)
    return new Map(
      docs.map((doc) => [
        doc,
        (1 - weight) * ((sides.keyword[doc]! - k.low) / k.width) +
          weight * ((sides.vector[doc]! - v.low) / v.width),
      ]),
    )
  }
}

/** Cosine as it is (clamped to 0–1), keyword score by its maximum. */
function clamped(weight: number): Fusion {
  return (sides) => {
    const docs = union(sides)
    const high = Math.max(1e-9, ...docs.map((doc) => sides.keyword[doc]!))
    return new Map(
      docs.map((doc) => [
        doc,
        (1 - weight) * (sides.keyword[doc]! / high) + weight * Math.max(0, sides.vector[doc]!),
      ]),
    )
  }
}

/** Both by their maximum: the floor is zero, not the lowest candidate. */
function byMaximum(weight: number): Fusion {
  return (sides) => {
    const docs = union(sides)
    const k = Math.max(1e-9, ...docs.map((doc) => sides.keyword[doc]!))
    const v = Math.max(1e-9, ...docs.map((doc) => sides.vector[doc]!))
    return new Map(
      docs.map((doc) => [
        doc,
        (1 - weight) * (sides.keyword[doc]! / k) + weight * Math.max(0, sides.vector[doc]! / v),
      ]),
    )
  }
}

/** Min–max, with a weight that shrinks with the best cosine: a query the space hardly holds is left to the words. */
function confident(weight: number): Fusion {
  return (sides) => minMax(weight * Math.max(0, ...union(sides).map((doc) => sides.vector[doc]!)))(sides)
}

function reciprocalRank(sides: Sides): Map<number, number> {
  const scores = new Map<number, number>()
  for (const side of [sides.keywordTop, sides.vectorTop])
    side.forEach((doc, i) => scores.set(doc, (scores.get(doc) ?? 0) + 1 / (61 + i)))
  return scores
}

const FUSIONS: Readonly<Record<string, Fusion>> = {
  bm25: ({keywordTop}) => new Map(keywordTop.map((doc, i) => [doc, -i])),
  lsa: ({vectorTop}) => new Map(vectorTop.map((doc, i) => [doc, -i])),
  rrf: reciprocalRank,
  'minmax.2': minMax(0.2),
  'minmax.3': minMax(0.3),
  'clamp.2': clamped(0.2),
  'clamp.3': clamped(0.3),
  'clamp.35': clamped(0.35),
  'clamp.4': clamped(0.4),
  'max.3': byMaximum(0.3),
  'conf.3': confident(0.3),
  'conf.4': confident(0.4),
}

function ndcg(
  collection: Collection,
  ranked: Map<number, number>,
  relevant: ReadonlyMap<string, number>,
): number {
  const gain = (grades: readonly number[]): number =>
    grades.slice(0, 10).reduce((sum, grade, i) => sum + grade / Math.log2(i + 2), 0)
  const found = [...ranked]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, 10)
    .map(([doc]) => relevant.get(collection.ids[doc]!) ?? 0)
  return gain(found) / gain([...relevant.values()].sort((a, b) => b - a))
}

async function judge(collection: Collection): Promise<number[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lsa-judged-'))
  const lsa = createLsa({
    analyser,
    files: nodeFileOperations,
    threads: 2,
    workerUrl: () => sourceWorkerUrl('../engine/workers/lsa-worker.ts'),
  })
  const file = path.join(folder, 'model')
  async function* all(): AsyncGenerator<readonly EmbedInput[]> {
    yield collection.inputs
  }
  try {
    const {dimension} = await lsa.fit(all(), {dimension: Number(process.env['LSA_DIM'] ?? 256), path: file})
    const identity = {provider: 'lsa', model: 'lsa', dimension, fingerprint: 'judged'}
    const embedder = await lsa.openForPassages(file, identity)
    const passages = await embedder.embed(collection.inputs, {kind: 'passage'})
    const queries = await embedder.embed(
      collection.queries.map(({text}) => ({text, language: collection.language})),
      {kind: 'query'},
    )
    await embedder.close()
    await analyser.prepare([collection.language])
    const bm25 = new Bm25(collection)
    const totals = Object.keys(FUSIONS).map(() => 0)
    collection.queries.forEach(({text, relevant}, i) => {
      const keyword = bm25.scores(analyser.queryTerms(text, [collection.language]).terms)
      const query = queries[i]
      const vector = Float64Array.from(passages, (passage) =>
        query !== undefined && passage !== undefined ? dot(query, passage) : 0,
      )
      const sides = {
        keyword,
        vector,
        keywordTop: top(keyword, 0),
        vectorTop: query === undefined ? [] : top(vector, -1),
      }
      Object.values(FUSIONS).forEach((fuse, f) => (totals[f]! += ndcg(collection, fuse(sides), relevant)))
    })
    return totals.map((total) => total / collection.queries.length)
  } finally {
    rmSync(folder, {recursive: true})
  }
}

if (!existsSync(ROOT)) {
  console.log(`There are no judged collections at ${ROOT}.`)
} else {
  const xquad = readdirSync(path.join(ROOT, 'xquad')).map((language) => `xquad/${language}`)
  const chosen = process.argv.length > 2 ? process.argv.slice(2) : ['scifact-train', 'cosqa', ...xquad]
  const cell = (text: string): string => text.padStart(9)
  console.log(['collection'.padEnd(14), ...Object.keys(FUSIONS).map(cell)].join(''))
  for (const name of chosen) {
    const figures = await judge(readCollection(name))
    console.log([name.padEnd(14), ...figures.map((figure) => cell(figure.toFixed(4)))].join(''))
  }
}
