import {RagError} from '../model/errors.js'
import type {IngestPlan, IngestReport, IngestRequest} from '../model/operations/ingest.js'
import type {WatchEvent, WatchStatus} from '../model/operations/watch.js'
import type {Clock} from '../ports/surroundings.js'
import type {Watcher} from './watch-loop.js'

export interface DocumentWatchTools {
  readonly clock: Clock
  readonly plan: (request: IngestRequest, signal: AbortSignal) => Promise<IngestPlan>
  readonly ingest: (request: IngestRequest, signal: AbortSignal) => Promise<IngestReport>
  /** SHA-256 of the files that documents were read from, by id; those that are not there are left out. */
  readonly hashesOf: (docIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly onEvent: (event: WatchEvent) => void
}

/** Renames are found among so many documents that are gone; of more it is not worth the reading. */
const MAX_RENAMES = 1000

/** Keeps a corpus as its folders are: added, changed, renamed and removed documents. */
export class DocumentWatcher implements Watcher {
  readonly #tools: DocumentWatchTools
  readonly #request: IngestRequest
  readonly #totals = {files: 0, inserted: 0, skipped: 0, duplicates: 0, failed: 0}
  #lastSuccessMs: number | undefined
  /** Since when the corpus is known not to be as the folders are. */
  #behindSinceMs: number | undefined
  #pending: number | undefined
  /** True when the last write left nothing to be done. */
  #isComplete = false
  #failing: ReadonlySet<string> = new Set()

  constructor(tools: DocumentWatchTools, request: IngestRequest) {
    this.#tools = tools
    // An ingest may have taken in, by rules of its own, what these leave out.
    this.#request = {...request, prune: true, keepLeftOut: true}
  }

  async runRound(signal: AbortSignal): Promise<void> {
    const {clock} = this.#tools
    try {
      await this.#keepInStep(signal)
    } catch (error) {
      this.#behindSinceMs ??= clock.now()
      // One folder that holds nothing keeps no other from being read.
      if (
        error instanceof RagError &&
        error.code === 'PRUNE_REFUSED' &&
        (this.#request.dirs?.length ?? 0) > 1
      )
        await this.#ingest({...this.#request, prune: false}, signal)
      throw error
    }
  }

  async #keepInStep(signal: AbortSignal): Promise<void> {
    const report = await this.#ingest(this.#request, signal)
    if (report?.interrupted) return
    this.#lastSuccessMs = this.#tools.clock.now()
    this.#behindSinceMs = undefined
  }

  /** Undefined when there was nothing to do: no lease is taken and nothing is written. */
  async #ingest(request: IngestRequest, signal: AbortSignal): Promise<IngestReport | undefined> {
    const {clock, onEvent} = this.#tools
    const plan = await this.#tools.plan(request, signal)
    const changes = plan.add.length + plan.update.length + plan.remove.length
    if (changes === 0 && this.#isComplete && !this.#isNewFailure(plan)) return undefined
    if (changes > 0) this.#behindSinceMs ??= clock.now()
    const before = plan.remove.length <= MAX_RENAMES ? await this.#tools.hashesOf(plan.remove) : new Map()
    this.#isComplete = false
    const report = await this.#tools.ingest(request, signal)
    this.#pending = report.chunks.pending
    const {added, updated, deleted} = report.documents
    this.#totals.inserted += added + updated
    this.#totals.files += added + updated + deleted
    const isNews = this.#isNewFailure(report) || added + updated + deleted > 0
    this.#failing = failuresOf(report)
    if (isNews) onEvent({kind: 'ingested', report, renamed: await this.#renamed(plan, before)})
    // What is stored is safe; the vectors come when the service is back.
    if (report.failure) throw report.failure
    this.#isComplete = !report.interrupted
    return report
  }

  status(): WatchStatus {
    const behind = this.#behindSinceMs
    return {
      waiting: this.#failing.size,
      setAside: 0,
      missing: 0,
      lagMs: behind === undefined ? 0 : Math.max(0, this.#tools.clock.now() - behind),
      lastSuccessMs: this.#lastSuccessMs,
      pending: this.#pending,
    }
  }

  totals(): ReturnType<Watcher['totals']> {
    return {...this.#totals, failed: this.#failing.size}
  }

  /** A file that can't be read is reported once, not in every round. */
  #isNewFailure(found: Pick<IngestReport, 'failed'>): boolean {
    return [...failuresOf(found)].some((one) => !this.#failing.has(one))
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

const failuresOf = ({failed}: Pick<IngestReport, 'failed'>): ReadonlySet<string> =>
  new Set(failed.map(({source, message}) => `${source} ${message}`))
