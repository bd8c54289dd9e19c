import type {Chosen} from './choose-examples.js'
import {
  EXAMPLE_KINDS,
  type DroppedExamples,
  type ExampleKind,
  type ExamplesReport,
} from '../model/operations/examples.js'

type Counts = Pick<
  ExamplesReport,
  'documents' | 'documentsUsed' | 'examples' | 'byKind' | 'duplicates' | 'beyondLimit' | 'dropped' | 'calls'
>

/** Counts what becomes of each document. */
export class ExampleTally {
  readonly #byKind = Object.fromEntries(EXAMPLE_KINDS.map((kind) => [kind, 0])) as Record<ExampleKind, number>
  readonly #dropped = {unsupported: 0, unfit: 0, malformed: 0}
  readonly #sums = {documents: 0, documentsUsed: 0, examples: 0, duplicates: 0, beyondLimit: 0, calls: 0}

  get counts(): Counts {
    return {...this.#sums, byKind: {...this.#byKind}, dropped: {...this.#dropped}}
  }

  document(
    {candidates, duplicates, beyondLimit}: Chosen,
    {dropped, calls}: {readonly dropped: DroppedExamples; readonly calls: number},
  ): void {
    const sums = this.#sums
    sums.documents++
    sums.examples += candidates.length
    sums.duplicates += duplicates
    sums.beyondLimit += beyondLimit
    sums.calls += calls
    if (candidates.length > 0) sums.documentsUsed++
    for (const {kind} of candidates) this.#byKind[kind]++
    for (const why of ['unsupported', 'unfit', 'malformed'] as const) this.#dropped[why] += dropped[why]
  }
}
