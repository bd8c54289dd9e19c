import {backoffMs, spreadOf} from './backoff.js'

/** A file as it was seen. */
export interface SeenFile {
  readonly path: string
  readonly sizeBytes: number
  readonly mtimeMs: number
}

interface Entry {
  file: SeenFile
  /** When it was first seen as it is now. */
  since: number
  failures: number
  nextAt: number
}

export interface PendingOptions {
  readonly settleMs: number
  readonly maxFailures: number
  readonly firstRetryMs?: number | undefined
}

/** Which of the files that were seen are to be taken now: settled, not done, and not waiting for another try. */
export class PendingFiles {
  readonly #options: PendingOptions
  readonly #entries = new Map<string, Entry>()
  readonly #done = new Map<string, SeenFile>()

  constructor(options: PendingOptions) {
    this.#options = options
  }

  /** Takes in all files there are; those that are gone are removed. `now` is the time of the files' own clock. */
  see(files: readonly SeenFile[], now: number): void {
    const paths = new Set(files.map(({path}) => path))
    for (const path of this.#entries.keys()) if (!paths.has(path)) this.#entries.delete(path)
    for (const path of this.#done.keys()) if (!paths.has(path)) this.#done.delete(path)
    for (const file of files) {
      const done = this.#done.get(file.path)
      if (done && isSame(done, file)) continue
      const known = this.#entries.get(file.path)
      if (known && isSame(known.file, file)) continue
      // Another content is another file: earlier failures say nothing of it.
      this.#entries.set(file.path, {file, since: now, failures: 0, nextAt: 0})
    }
  }

  /** Ascending by path. A file whose time lies in the future is settled once it was seen unchanged for long enough. */
  due(now: number): readonly SeenFile[] {
    return [...this.#entries.values()]
      .filter((entry) => this.#isSettled(entry, now) && entry.nextAt <= now)
      .map(({file}) => file)
      .sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  markDone(file: SeenFile): void {
    this.#entries.delete(file.path)
    this.#done.set(file.path, file)
  }

  /** Says when it is tried again, or that it is to be set aside. */
  markFailed(path: string, now: number): {readonly attempt: number; readonly retryInMs: number | undefined} {
    const entry = this.#entries.get(path)
    if (!entry) return {attempt: 1, retryInMs: undefined}
    entry.failures++
    if (entry.failures >= this.#options.maxFailures) return {attempt: entry.failures, retryInMs: undefined}
    const retryInMs = backoffMs(entry.failures, spreadOf(path), this.#options.firstRetryMs)
    entry.nextAt = now + retryInMs
    return {attempt: entry.failures, retryInMs}
  }

  /** For a file that can't be set aside: waits as after one more failure; says how long. */
  putOff(path: string, now: number): number {
    const entry = this.#entries.get(path)
    const retryInMs = backoffMs(entry?.failures ?? 1, spreadOf(path), this.#options.firstRetryMs)
    if (entry) entry.nextAt = now + retryInMs
    return retryInMs
  }

  remove(path: string): void {
    this.#entries.delete(path)
  }

  get waiting(): number {
    return this.#entries.size
  }

  /** Age of the oldest that waits. */
  lagMs(now: number): number {
    let oldest = now
    for (const {file} of this.#entries.values()) oldest = Math.min(oldest, file.mtimeMs)
    return now - oldest
  }

  #isSettled({file, since}: Entry, now: number): boolean {
    const {settleMs} = this.#options
    return now - file.mtimeMs >= settleMs || now - since >= settleMs
  }
}

const isSame = (a: SeenFile, b: SeenFile): boolean => a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs
