import {readFileSync} from 'node:fs'
import path from 'node:path'
import type {Analyser} from '../../../../src/lib/ports/analyser.js'

/** A judged collection in the layout of BEIR: `corpus.jsonl`, `queries.jsonl`, `qrels.tsv`. */
export interface JudgedCollection {
  readonly documents: readonly {readonly id: string; readonly text: string}[]
  readonly queries: ReadonlyMap<string, string>
  /** Query id → document id → gain. */
  readonly judgements: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** nDCG@10 that keyword search must reach on each collection, from design/search-quality.md, with its language. */
export const FLOORS: readonly {readonly name: string; readonly language: string; readonly floor: number}[] = [
  ...Object.entries({
    en: 0.96,
    de: 0.91,
    es: 0.94,
    ru: 0.87,
    ar: 0.88,
    hi: 0.94,
    th: 0.91,
    tr: 0.89,
    vi: 0.95,
    zh: 0.96,
    el: 0.91,
    ro: 0.92,
  }).map(([language, floor]) => ({name: `xquad/${language}`, language, floor})),
  {name: 'cosqa', language: 'en', floor: 0.32},
  {name: 'scifact-train', language: 'en', floor: 0.69},
]

/** Where the judged collections lie, beside the project. */
export const JUDGED_DIR: string = path.resolve('../shared/data/judged')

/** By its name below `JUDGED_DIR`, or by its path. */
export function readCollection(name: string): JudgedCollection {
  const dir = path.resolve(JUDGED_DIR, name)
  const documents = readRows(path.join(dir, 'corpus.jsonl')).map(({_id, title, text}) => ({
    id: _id,
    text: `${title ?? ''} ${text}`.trim(),
  }))
  const queries = new Map(readRows(path.join(dir, 'queries.jsonl')).map(({_id, text}) => [_id, text]))
  const judgements = new Map<string, Map<string, number>>()
  for (const line of readLines(path.join(dir, 'qrels.tsv')).slice(1)) {
    const [query = '', document = '', gain = '0'] = line.split('\t')
    const gains = judgements.get(query) ?? new Map<string, number>()
    judgements.set(query, gains.set(document, Number(gain)))
  }
  return {documents, queries, judgements}
}

interface Row {
  readonly _id: string
  readonly title?: string
  readonly text: string
}

function readLines(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean)
}

function readRows(file: string): Row[] {
  return readLines(file).map((line) => JSON.parse(line) as Row)
}

/** BM25 as SQLite's FTS5 computes it, with k1 1.2 and b 0.75. */
export class TinyBm25 {
  readonly #postings = new Map<string, Map<number, number>>()
  readonly #lengths: number[] = []
  #total = 0

  /** Documents are numbered from 0 in the order they are added. */
  add(terms: readonly string[]): void {
    const document = this.#lengths.push(terms.length) - 1
    this.#total += terms.length
    for (const term of terms) {
      const postings = this.#postings.get(term) ?? new Map<number, number>()
      this.#postings.set(term, postings.set(document, (postings.get(document) ?? 0) + 1))
    }
  }

  get termsPerDocument(): number {
    return this.#total / this.#lengths.length
  }

  /** Numbers of the best documents, best first; equal scores by number. */
  search(terms: readonly string[], limit: number): number[] {
    const scores = new Map<number, number>()
    const count = this.#lengths.length
    for (const term of terms) {
      const postings = this.#postings.get(term)
      if (postings === undefined) continue
      const idf = Math.max(1e-6, Math.log((count - postings.size + 0.5) / (postings.size + 0.5)))
      for (const [document, frequency] of postings) {
        const length = (this.#lengths[document] as number) / this.termsPerDocument
        const score = (idf * frequency * 2.2) / (frequency + 1.2 * (0.25 + 0.75 * length))
        scores.set(document, (scores.get(document) ?? 0) + score)
      }
    }
    return [...scores]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, limit)
      .map(([document]) => document)
  }
}

export interface Measured {
  /** Mean nDCG@10 over the judged queries. */
  readonly ndcg: number
  readonly termsPerDocument: number
}

/** Indexes a collection with an analyser that has prepared `language`, and judges its answers to every query. */
export function measure(collection: JudgedCollection, analyser: Analyser, language: string): Measured {
  const index = new TinyBm25()
  for (const {text} of collection.documents) index.add(analyser.terms(text, language))
  let sum = 0
  for (const [query, gains] of collection.judgements) {
    const {terms} = analyser.queryTerms(collection.queries.get(query) ?? '', [language])
    const found = index
      .search(terms, 10)
      .map((document) => gains.get(collection.documents[document]?.id ?? '') ?? 0)
    const ideal = [...gains.values()].sort((a, b) => b - a).slice(0, 10)
    sum += discounted(found) / (discounted(ideal) || 1)
  }
  return {ndcg: sum / collection.judgements.size, termsPerDocument: index.termsPerDocument}
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, rank) => sum + (2 ** gain - 1) / Math.log2(rank + 2), 0)
}
