import {basename} from 'node:path'
import {reasonOf} from '../model/errors.js'
import type {MissingBatch, ReplayReport, ReplayRequest} from '../model/operations/replay.js'
import type {WatchEvent, WatchRequest, WatchStatus} from '../model/operations/watch.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import type {Clock} from '../ports/surroundings.js'
import {PendingFiles, type SeenFile} from './pending-files.js'
import type {Watcher} from './watch-loop.js'

/** Files handed over at once: what is done of them is written down together. */
const GROUP = 200

export interface BatchWatchTools {
  readonly files: Pick<BatchFiles, 'beside' | 'expand' | 'stat' | 'setAside'>
  readonly clock: Clock
  readonly replay: (request: ReplayRequest, signal: AbortSignal) => Promise<ReplayReport>
  /** Batches that the manifests beside these files name and that neither lie there nor were taken before. */
  readonly missing: (request: ReplayRequest, paths: readonly string[]) => Promise<readonly MissingBatch[]>
  /** Files that an earlier run was done with. */
  readonly isDone: (file: SeenFile) => boolean
  readonly onEvent: (event: WatchEvent) => void
}

/** Loads new batches, each once; what fails is tried again, then set aside. */
export class BatchWatcher implements Watcher {
  readonly #tools: BatchWatchTools
  readonly #request: ReplayRequest
  readonly #pending: PendingFiles
  readonly #totals = {files: 0, inserted: 0, skipped: 0, duplicates: 0}
  /** Bad records of the last attempt, by file: each try finds the same ones. */
  readonly #failedOf = new Map<string, number>()
  #pendingChunks: number | undefined
  #setAside = 0
  #lastSuccessMs: number | undefined
  #hasSaidNothing = false
  /** Batches that were loaded, for as long as nobody else keeps account of them. */
  readonly #taken = new Set<string>()
  /** Undefined before the first round. */
  #missing: ReadonlySet<string> | undefined

  constructor(tools: BatchWatchTools, request: WatchRequest & {readonly batches: ReplayRequest}) {
    this.#tools = tools
    this.#request = request.batches
    this.#pending = new PendingFiles({
      settleMs: request.settleMs ?? 2000,
      maxFailures: request.maxFailures ?? 5,
      firstRetryMs: request.intervalMs && Math.min(5000, request.intervalMs),
    })
  }

  async runRound(signal: AbortSignal): Promise<void> {
    const {clock} = this.#tools
    const paths = await this.#expand()
    this.#pending.see(await this.#newFiles(paths), clock.now())
    const due = this.#pending.due(clock.now())
    for (let at = 0; at < due.length && !signal.aborted; at += GROUP)
      await this.#load(due.slice(at, at + GROUP), signal)
    // Where nothing came, nothing new can be missing.
    if (due.length > 0 || this.#missing?.size !== 0) await this.#lookForMissing(paths)
  }

  status(): WatchStatus {
    return {
      waiting: this.#pending.waiting,
      setAside: this.#setAside,
      missing: this.#missing?.size ?? 0,
      lagMs: this.#pending.lagMs(this.#tools.clock.now()),
      lastSuccessMs: this.#lastSuccessMs,
      pending: this.#pendingChunks,
    }
  }

  totals(): ReturnType<Watcher['totals']> {
    return {...this.#totals, failed: [...this.#failedOf.values()].reduce((sum, n) => sum + n, 0)}
  }

  async #expand(): Promise<readonly string[]> {
    const {files, onEvent} = this.#tools
    const {globs = []} = this.#request
    const paths = await files.expand(globs)
    if (paths.length === 0 && !this.#hasSaidNothing) {
      this.#hasSaidNothing = true
      onEvent({kind: 'note', message: `No file matches ${globs.join(', ')} yet.`})
    }
    return paths
  }

  async #newFiles(paths: readonly string[]): Promise<readonly SeenFile[]> {
    const {files, isDone} = this.#tools
    const seen: SeenFile[] = []
    for (const path of paths) {
      const stat = await files.stat(path)
      if (stat && !isDone({path, ...stat})) seen.push({path, ...stat})
    }
    return seen
  }

  /** Each is said once. What has come, or is no longer wanted, is not missing any more. */
  async #lookForMissing(paths: readonly string[]): Promise<void> {
    const missing = await this.#tools.missing({...this.#request, taken: this.#taken}, paths)
    for (const {file, records} of missing)
      if (!this.#missing?.has(file))
        this.#tools.onEvent({
          kind: 'note',
          message: `${file}, with ${records} records, is named by the manifest.json beside it and has not come yet. What its run deletes is kept until it does.`,
        })
    this.#missing = new Set(missing.map(({file}) => file))
  }

  async #load(group: readonly SeenFile[], signal: AbortSignal): Promise<void> {
    const files = group.map(({path}) => path)
    const request = {...this.#request, globs: [], files, taken: this.#taken}
    const report = await this.#tools.replay(request, signal)
    this.#pendingChunks = report.chunks.pending
    // Nothing is done as long as a vector is missing that the service would have made.
    if (report.failure) throw report.failure
    for (const note of report.notes) this.#tools.onEvent({kind: 'note', message: note})
    for (const key of ['inserted', 'skipped', 'duplicates'] as const) this.#totals[key] += report[key]
    // What was loaded is safe, but not yet written down as done: the next run reads it again.
    if (report.interrupted) return
    const left = new Map(group.map((file) => [file.path, file]))
    for (const file of report.files) {
      const seen = left.get(file.file)
      left.delete(file.file)
      // Batches of later runs than a late one are taken again, though they were done.
      if (file.whole) this.#done(seen, file)
      else await this.#failed(file)
    }
    // Those that the state file names were done by another watcher meanwhile.
    for (const file of left.values()) this.#pending.markDone(file)
  }

  #done(seen: SeenFile | undefined, file: ReplayReport['files'][number]): void {
    if (seen) {
      this.#pending.markDone(seen)
      this.#totals.files++
    }
    if (this.#request.stateFile === undefined)
      this.#taken.add(this.#tools.files.beside(file.file, basename(file.file)))
    this.#failedOf.delete(file.file)
    this.#lastSuccessMs = this.#tools.clock.now()
    this.#tools.onEvent({kind: 'processed', file})
  }

  async #failed({file, failed, error}: ReplayReport['files'][number]): Promise<void> {
    const {files, clock, onEvent} = this.#tools
    // Gone between listing and opening: not here, not to blame.
    if (error?.code === 'INPUT_MISSING') return this.#pending.remove(file)
    const message = error?.message ?? 'it could not be loaded whole'
    this.#failedOf.set(file, Math.max(1, failed))
    const {attempt, retryInMs} = this.#pending.markFailed(file, clock.now())
    if (retryInMs !== undefined) return onEvent({kind: 'failed', file, attempt, retryInMs, message})
    const reason = `${new Date(clock.now()).toISOString()}\n${file}\n${message}\n${attempt} attempts\n`
    try {
      const as = await files.setAside(file, reason)
      this.#pending.remove(file)
      this.#setAside++
      onEvent({kind: 'set-aside', file, as, message})
    } catch (error) {
      // It blocks no other: it stays where it is and is tried again, if ever more rarely.
      const again = this.#pending.putOff(file, clock.now())
      const why = `${message} It could not be set aside: ${reasonOf(error)}`
      onEvent({kind: 'failed', file, attempt, retryInMs: again, message: why})
    }
  }
}
