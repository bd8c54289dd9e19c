/**
 * Retrieval quality on judged collections (BEIR layout): nDCG@10 of keyword and hybrid search by the built library.
 * `npm run eval:judged [-- FOLDER…]`; without folders, all below `../shared/data/judged`.
 * The bars: keyword and hybrid ≥ .69 on scifact-train, hybrid ≥ .325 on cosqa, no xquad language under its floor, hybrid
 * never worse than keyword by more than .01. Exits with 1 when one is missed.
 */
import {existsSync, mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, dirname, join, resolve} from 'node:path'
import {openRag, type Rag, type SearchMode} from '../src/lib/index.ts'

const FLOORS: Readonly<Record<string, number>> = {
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
  cosqa: 0.32,
  'scifact-train': 0.69,
}
const HYBRID_FLOORS: Readonly<Record<string, number>> = {'scifact-train': 0.69, cosqa: 0.325}
const MOST_LOST = 0.01

type Judgements = Map<string, Map<string, number>>

function readJudgements(path: string): Judgements {
  const judgements: Judgements = new Map()
  for (const line of readFileSync(path, 'utf8').split('\n').slice(1)) {
    const [query, document, grade] = line.trim().split('\t')
    if (!query || !document) continue
    if (!judgements.has(query)) judgements.set(query, new Map())
    judgements.get(query)!.set(document, Number(grade))
  }
  return judgements
}

/** Järvelin and Kekäläinen 2002, with linear gain, as trec_eval computes it. */
function ndcgAt10(ranked: readonly string[], grades: ReadonlyMap<string, number>): number {
  const gain = (list: readonly number[]): number =>
    list.slice(0, 10).reduce((sum, grade, i) => sum + grade / Math.log2(i + 2), 0)
  const ideal = gain([...grades.values()].sort((a, b) => b - a))
  return ideal > 0 ? gain(ranked.map((id) => grades.get(id) ?? 0)) / ideal : 0
}

interface Query {
  readonly _id: string
  readonly text: string
}

async function score(rag: Rag, folder: string, mode: SearchMode): Promise<number> {
  const judgements = readJudgements(join(folder, 'qrels.tsv'))
  const queries = readFileSync(join(folder, 'queries.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Query)
    .filter((query) => judgements.has(query._id))
  let sum = 0
  for (const query of queries) {
    const report = await rag.search('judged', {query: query.text, mode, unit: 'document', topK: 10})
    const ranked = report.hits.map((hit) => hit.docId)
    sum += ndcgAt10(ranked, judgements.get(query._id)!)
  }
  return sum / queries.length
}

interface Row {
  readonly name: string
  readonly documents: number
  readonly chunks: number
  readonly keyword: number
  readonly hybrid: number
  readonly vector: number
  readonly misses: readonly string[]
}

async function evaluate(folder: string): Promise<Row> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rag-eval-'))
  const rag = await openRag({dataDir})
  try {
    const report = await rag.ingest({corpus: 'judged', jsonl: join(folder, 'corpus.jsonl')})
    const name = basename(folder)
    const keyword = await score(rag, folder, 'keyword')
    const hybrid = await score(rag, folder, 'hybrid')
    const vector = await score(rag, folder, 'vector')
    const misses: string[] = []
    if (keyword < (FLOORS[name] ?? 0)) misses.push(`keyword < ${FLOORS[name]}`)
    if (hybrid < (HYBRID_FLOORS[name] ?? 0)) misses.push(`hybrid < ${HYBRID_FLOORS[name]}`)
    if (hybrid < keyword - MOST_LOST) misses.push('hybrid loses more than .01')
    if (hybrid < (FLOORS[name] ?? 0) - MOST_LOST) misses.push('hybrid under the floor')
    return {
      name,
      documents: report.documents.added,
      chunks: report.chunks.total,
      keyword,
      hybrid,
      vector,
      misses,
    }
  } finally {
    await rag.close()
    rmSync(dataDir, {recursive: true, force: true})
  }
}

function collectionsBelow(folder: string): string[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((name) => basename(name) === 'qrels.tsv')
    .map((name) => dirname(join(folder, name)))
    .sort()
}

const root = resolve('../shared/data/judged')
const asked = process.argv.slice(2)
if (asked.length === 0 && !existsSync(root)) {
  console.log(`skipped: ${root} is not here`)
} else {
  const folders = asked.length > 0 ? asked.map((path) => resolve(path)) : collectionsBelow(root)
  console.log('collection       documents  chunks  keyword  hybrid   vector')
  for (const folder of folders) {
    const row = await evaluate(folder)
    const cells = [row.documents, row.chunks].map((n) => String(n).padStart(8))
    const scores = [row.keyword, row.hybrid, row.vector].map((n) => n.toFixed(4).padStart(8))
    console.log(row.name.padEnd(16), ...cells, ...scores, row.misses.join('; '))
    if (row.misses.length > 0) process.exitCode = 1
  }
}
