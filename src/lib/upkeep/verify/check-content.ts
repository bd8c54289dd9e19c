import type {Corpus} from '../../model/corpus.js'
import {FAULT_EXAMPLES, type Page, type PageReport, type RowFault} from '../../ports/store/store-verifier.js'
import {ofCorpus, rowFault} from './findings.js'
import type {Inspection} from './inspection.js'
import type {TimeBudget} from './time-budget.js'

/** Rows checked in one go: some tens of milliseconds. */
const PAGE = 2000

/** Golden ratio: multiples of it, taken modulo 1, fall evenly, however many there are. */
const TURN = 0.618_033_988_749_895

/** The bytes of a corpus's texts and vectors. With a time limit each run begins elsewhere, so that in time all are checked. */
export async function checkContent(
  inspection: Inspection,
  corpus: Corpus,
  budget: TimeBudget,
): Promise<void> {
  const {store, clock} = inspection.tools
  const place = budget.isLimited ? (clock.now() / 1000) * TURN : 0
  await inspection.guard(ofCorpus(corpus), async () => {
    const versions = await store.listEmbeddingVersions(corpus.id)
    const last = await store.lastIds(corpus.id, versions[0]?.id ?? 0)
    const ring = {inspection, corpus, budget, place: place - Math.floor(place)}
    await walk({...ring, last: last.chunkId}, (page) => store.checkTexts(corpus.id, page))
    for (const version of versions) {
      const {seq} = await store.lastIds(corpus.id, version.id)
      inspection.checked.vectors += await walk({...ring, last: seq}, (page) =>
        store.checkVectors(version.id, page),
      )
    }
  })
  inspection.step()
}

interface Ring {
  readonly inspection: Inspection
  readonly corpus: Corpus
  readonly budget: TimeBudget
  /** Where to begin, 0–1. */
  readonly place: number
  readonly last: number
}

/** Walks from the place to the end, then from the beginning to the place. Returns how many rows were checked. */
async function walk(ring: Ring, check: (page: Page) => Promise<PageReport>): Promise<number> {
  const {inspection, corpus, budget} = ring
  const start = Math.floor(ring.place * ring.last)
  const faults = new Map<RowFault['kind'], RowFault>()
  let rows = 0
  let after = start
  for (let wrapped = start === 0; ;) {
    if (budget.isSpent) {
      inspection.isComplete = false
      break
    }
    const page = await check({after, limit: PAGE})
    rows += page.checked
    inspection.checked.bytes += page.bytes
    for (const fault of page.faults) faults.set(fault.kind, together(faults.get(fault.kind), fault))
    // A damaged tree can lead in a circle.
    if (page.checked > 0 && page.last <= after) break
    after = page.last
    const atEnd = page.checked < PAGE
    if (wrapped && (atEnd || (start > 0 && after >= start))) break
    if (atEnd) [wrapped, after] = [true, 0]
    await letOthersRun()
  }
  inspection.add(...[...faults.values()].map((fault) => rowFault(corpus, fault)))
  return rows
}

function together(one: RowFault | undefined, other: RowFault): RowFault {
  if (!one) return other
  const examples = [...one.examples, ...other.examples].slice(0, FAULT_EXAMPLES)
  return {kind: one.kind, count: one.count + other.count, examples}
}

/** Pages are read without a pause; signals and timers must get their turn. */
function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
