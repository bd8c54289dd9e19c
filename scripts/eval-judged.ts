/**
 * Retrieval quality on judged collections (BEIR layout): nDCG@10 of keyword and hybrid search by the built library.
 * `npm run eval:judged [-- FOLDER…]`; without folders, all below `../shared/data/judged`.
 * The bars: keyword and hybrid ≥ .69 on scifact-train, hybrid ≥ .325 on cosqa, no xquad language under its floor, hybrid
 * never worse than keyword by more than .01. Exits with 1 when one is missed.
 */
import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, dirname, join, resolve} from 'node:path'
import {openRag, type Rag, type SearchMode} from '../src/lib/index.ts'
import {
  FLOORS,
  JUDGED_DIR,
  readCollection,
  type JudgedCollection,
} from '../test/lib/text/analysis/judged-collection.ts'

const KEYWORD_FLOORS = new Map(FLOORS.map(({name, floor}) => [basename(name), floor]))
const HYBRID_FLOORS: Readonly<Record<string, number>> = {'scifact-train': 0.69, cosqa: 0.325}
const MOST_LOST = 0.01

/** Järvelin and Kekäläinen 2002, with linear gain, as trec_eval computes it. */
function ndcgAt10(ranked: readonly string[], grades: ReadonlyMap<string, number>): number {
  const gain = (list: readonly number[]): number =>
    list.slice(0, 10).reduce((sum, grade, i) => sum + grade / Math.log2(i + 2), 0)
  const ideal = gain([...grades.values()].sort((a, b) => b - a))
  return ideal > 0 ? gain(ranked.map((id) => grades.get(id) ?? 0)) / ideal : 0
}

async function score(rag: Rag, {queries, judgements}: JudgedCollection, mode: SearchMode): Promise<number> {
  let sum = 0
  for (const [id, grades] of judgements) {
    const query = queries.get(id)
    if (query === undefined) throw new Error(`query ${id} is judged and not among the queries`)
    const report = await rag.search('judged', {query, mode, unit: 'document', topK: 10})
    const ranked = report.hits.map((hit) => hit.docId)
    sum += ndcgAt10(ranked, grades)
  }
  return sum / judgements.size
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
    const floor = KEYWORD_FLOORS.get(name) ?? 0
    const collection = readCollection(folder)
    const keyword = await score(rag, collection, 'keyword')
    const hybrid = await score(rag, collection, 'hybrid')
    const vector = await score(rag, collection, 'vector')
    const misses: string[] = []
    if (keyword < floor) misses.push(`keyword < ${floor}`)
    if (hybrid < (HYBRID_FLOORS[name] ?? 0)) misses.push(`hybrid < ${HYBRID_FLOORS[name]}`)
    if (hybrid < keyword - MOST_LOST) misses.push('hybrid loses more than .01')
    if (hybrid < floor - MOST_LOST) misses.push('hybrid under the floor')
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

const asked = process.argv.slice(2)
if (asked.length === 0 && !existsSync(JUDGED_DIR)) {
  console.log(`skipped: ${JUDGED_DIR} is not here`)
} else {
  const folders = asked.length > 0 ? asked.map((path) => resolve(path)) : collectionsBelow(JUDGED_DIR)
  console.log('collection       documents  chunks  keyword  hybrid   vector')
  for (const folder of folders) {
    const row = await evaluate(folder)
    const cells = [row.documents, row.chunks].map((n) => String(n).padStart(8))
    const scores = [row.keyword, row.hybrid, row.vector].map((n) => n.toFixed(4).padStart(8))
    console.log(row.name.padEnd(16), ...cells, ...scores, row.misses.join('; '))
    if (row.misses.length > 0) process.exitCode = 1
  }
}
