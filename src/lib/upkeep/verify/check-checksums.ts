import {nextTurn} from '../../kernel/next-turn.js'
import {FAULT_EXAMPLES} from '../../ports/store/store-verifier.js'
import {rowsNotAsStored} from './findings.js'
import type {Inspection} from './inspection.js'
import type {TimeBudget} from './time-budget.js'

/** Rows looked at in one go: some tens of milliseconds. */
const PAGE = 2000

/** Golden ratio: multiples of it, taken modulo 1, fall evenly, however many there are. */
const TURN = 0.618_033_988_749_895

/**
 * Holds every row of every table against its checksum, whatever share of the vectors and words is sampled. With a time limit each run
 * begins elsewhere, so that in time all are looked at.
 */
export async function checkChecksums(inspection: Inspection, budget: TimeBudget): Promise<void> {
  const {store, clock} = inspection.tools
  const turn = budget.isLimited ? (clock.now() / 1000) * TURN : 0
  await inspection.guard('rag.db', async () => {
    for (const {table, last} of await store.checkedTables()) {
      const start = Math.floor((turn - Math.floor(turn)) * last)
      const damaged: number[] = []
      for (const part of start > 0
        ? [
            {after: start, to: Infinity},
            {after: LEAST, to: start},
          ]
        : [{after: LEAST, to: Infinity}])
        damaged.push(...(await walk(inspection, budget, {table, ...part})))
      inspection.hasDamagedRows ||= damaged.length > 0
      if (damaged.length > 0)
        inspection.add(rowsNotAsStored(table, damaged.length, damaged.slice(0, FAULT_EXAMPLES)))
    }
  })
  inspection.step()
}

const LEAST = Number.MIN_SAFE_INTEGER

async function walk(
  inspection: Inspection,
  budget: TimeBudget,
  {table, after, to}: {readonly table: string; readonly after: number; readonly to: number},
): Promise<number[]> {
  const damaged: number[] = []
  for (let next = after; next < to;) {
    if (budget.isSpent) {
      inspection.isComplete = false
      break
    }
    const page = await inspection.tools.store.checkChecksums(table, {after: next, limit: PAGE})
    damaged.push(...page.damaged.filter((row) => row <= to))
    // A damaged tree can lead in a circle.
    if (page.checked < PAGE || page.last <= next) break
    next = page.last
    await nextTurn()
  }
  return damaged
}
