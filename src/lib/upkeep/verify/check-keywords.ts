import type {Corpus} from '../../model/corpus.js'
import {FAULT_EXAMPLES, type ExpectedTerms} from '../../ports/store/store-verifier.js'
import type {KeywordEntry} from '../../ports/store/store.js'
import {ofCorpus, rowFault} from './findings.js'
import type {Inspection} from './inspection.js'
import type {TimeBudget} from './time-budget.js'

/** Neighbours that are checked together: fewer reads than one by one, and still spread over the corpus. */
const PAGE = 10
const ALL_PAGE = 200
const LEAST_SAMPLE = 1000
/** Of a sampled chunk. All are searched for when all chunks are sampled. */
const TERMS_OF_CHUNK = 8

export interface KeywordsCheck {
  /** Share of the chunks whose terms are searched for, 0–1. */
  readonly sample: number
  readonly budget: TimeBudget
}

/**
 * Whether chunks are found by their own words: the index holds no text, so that a word which damage has made another one keeps
 * the index's form. Terms are made anew of the stored texts; of a corpus whose index another analyser made they would be others,
 * and nothing is said.
 */
export async function checkKeywords(
  inspection: Inspection,
  corpus: Corpus,
  {sample, budget}: KeywordsCheck,
): Promise<void> {
  if (corpus.settings.analyser === inspection.tools.analyser)
    await inspection.guard(ofCorpus(corpus), () => searchTerms(inspection, corpus, {sample, budget}))
  inspection.step()
}

async function searchTerms(
  inspection: Inspection,
  corpus: Corpus,
  {sample, budget}: KeywordsCheck,
): Promise<void> {
  const {store, clock, analyser, termsOf} = inspection.tools
  const most = sample === 1 ? Infinity : TERMS_OF_CHUNK
  const turn = (clock.now() % 1000) / 1000
  const examples: string[] = []
  let count = 0
  for await (const chunks of sampled(inspection, corpus, {sample, turn})) {
    if (budget.isSpent) {
      inspection.isComplete = false
      break
    }
    const expected: ExpectedTerms[] = []
    for (const chunk of chunks) expected.push(some(await termsOf(chunk), {most, turn}))
    const lost = await store.missingTerms(corpus.id, {analyser, chunks: expected})
    count += lost.length
    examples.push(...lost.slice(0, FAULT_EXAMPLES - examples.length))
  }
  if (count > 0) inspection.add(rowFault(corpus, {kind: 'keyword-terms', count, examples}))
}

type Chunks = Awaited<ReturnType<Inspection['tools']['store']['pendingChunks']>>

/** Pages of live chunks, evenly spread over the corpus; all when so many are wanted. */
async function* sampled(
  {tools: {store}}: Inspection,
  {id}: Corpus,
  {sample, turn}: {readonly sample: number; readonly turn: number},
): AsyncIterable<Chunks> {
  const {chunks: total} = await store.countCorpus(id)
  const wanted = Math.max(LEAST_SAMPLE, Math.ceil(sample * total))
  const limit = wanted >= total ? ALL_PAGE : PAGE
  const between = wanted >= total ? 0 : (PAGE * total) / wanted - PAGE
  let afterId = 0
  for (let skipped = -Math.floor(turn * between), pages = 0; ; pages++) {
    const skip = Math.floor(pages * between) - skipped
    const next = await store.chunkIdAfter(id, afterId, skip)
    if (next === undefined) return
    skipped += skip
    const page = await store.pendingChunks(id, undefined, {afterId: next - 1, limit})
    yield page
    const end = page.at(-1)?.chunkId ?? next
    // A damaged tree can lead in a circle.
    if (end <= afterId) return
    afterId = end
    await letOthersRun()
  }
}

function some(
  {chunkId, title, body}: KeywordEntry,
  {most, turn}: {readonly most: number; readonly turn: number},
): ExpectedTerms {
  const all = [...new Set(`${title} ${body}`.split(' ').filter((term) => term !== ''))]
  if (all.length <= most) return {chunkId, terms: all}
  const stride = all.length / most
  return {chunkId, terms: Array.from({length: most}, (_, i) => all[Math.floor((i + turn) * stride)]!)}
}

/** Signals and timers must get their turn. */
function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
