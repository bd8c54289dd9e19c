import type {IngestPlan, IngestReport, IngestRequest} from '../model/ingest.js'
import type {WatchEvent, WatchStatus} from '../model/watch.js'
import type {Clock} from '../ports/surroundings.js'
import type {Sweeper} from './watch-loop.js'

export interface DocumentSweepTools {
  readonly clock: Clock
  readonly plan: (request: IngestRequest, signal: AbortSignal) => Promise<IngestPlan>
  readonly ingest: (request: IngestRequest, signal: AbortSignal) => Promise<IngestReport>
  /** SHA-256 of the files that documents were read from, by id; those that are not there are left out. */
  readonly hashesOf: (docIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly onEvent: (event: WatchEvent) => void
}

/** A rename is looked for among so many documents that are gone; of more it is not worth telling. */
const MAX_RENAMES = 1000

/** Keeps a corpus as its folders are: added, changed, renamed and removed documents. */
export class DocumentSweeper implements Sweeper {
  readonly #tools: DocumentSweepTools
  readonly #request: IngestRequest
  readonly #totals = {files: 0, inserted: 0, skipped: 0, duplicates: 0, failed: 0}
  #lastSuccessMs: number | undefined
  #failing: ReadonlySet<string> = new Set()

  constructor(tools: DocumentSweepTools, request: IngestRequest) {
    this.#tools = tools
    this.#request = {...request, prune: true}
  }

  async sweep(signal: AbortSignal): Promise<void> {
    const {clock, onEvent} = this.#tools
    const plan = await this.#tools.plan(this.#request, signal)
    const before = plan.remove.length <= MAX_RENAMES ? await this.#tools.hashesOf(plan.remove) : new Map()
    const report = await this.#tools.ingest(this.#request, signal)
    if (report.interrupted) return
    const {added, updated, deleted} = report.documents
    this.#totals.inserted += added + updated
    this.#totals.files += added + updated + deleted
    const isNews = added + updated + deleted > 0 || this.#isNewFailure(report)
    if (isNews) onEvent({kind: 'ingested', report, renamed: await this.#renamed(plan, before)})
    // What is stored is safe; the vectors come when the service is back.
    if (report.failure) throw report.failure
    this.#lastSuccessMs = clock.now()
  }

  status(): WatchStatus {
    return {
      waiting: this.#failing.size,
      setAside: 0,
      lagMs: 0,
      ...(this.#lastSuccessMs === undefined ? {} : {lastSuccessMs: this.#lastSuccessMs}),
    }
  }

  totals(): ReturnType<Sweeper['totals']> {
    return {...this.#totals, failed: this.#failing.size}
  }

  /** A file that can't be read is told once, not at every look. */
  #isNewFailure({failed}: IngestReport): boolean {
    const now = new Set(failed.map(({source, message}) => `${source} ${message}`))
    const isNew = [...now].some((one) => !this.#failing.has(one))
    this.#failing = now
    return isNew
  }

  /** A document that is gone and one that came with the same bytes are one that was renamed. */
  async #renamed(
    {add}: IngestPlan,
    gone: ReadonlyMap<string, string>,
  ): Promise<readonly {from: string; to: string}[]> {
    if (gone.size === 0 || add.length === 0 || add.length > MAX_RENAMES) return []
    const byHash = new Map([...gone].map(([docId, hash]) => [hash, docId]))
    const came = await this.#tools.hashesOf(add)
    return [...came].flatMap(([to, hash]) => {
      const from = byHash.get(hash)
      byHash.delete(hash)
      return from === undefined ? [] : [{from, to}]
    })
  }
}
