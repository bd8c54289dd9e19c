import type {ProgressEvent} from '../model/progress.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import type {ProgressSink} from '../ports/surroundings.js'

/**
 * Progress over all files of a replay, in records. How many the files hold that were not opened yet is estimated by their sizes, so the
 * total is exact from the last file on.
 */
export class ReplayProgress {
  readonly #sink: ProgressSink
  /** Bytes of the files from the one at hand on. */
  readonly #sizes: number[]
  /** Of the files that are done. */
  #records = 0
  #bytes = 0

  constructor(sink: ProgressSink, sizes: readonly number[]) {
    this.#sink = sink
    this.#sizes = [...sizes]
  }

  static async over(
    paths: readonly string[],
    files: Pick<BatchFiles, 'stat'>,
    sink: ProgressSink,
  ): Promise<ReplayProgress> {
    const sizes: number[] = []
    for (const path of paths) sizes.push((await files.stat(path))?.sizeBytes ?? 0)
    return new ReplayProgress(sink, sizes)
  }

  /** Takes the progress within the file at hand: its records, and how many it holds. */
  readonly inFile = ({done, total = done}: ProgressEvent): void => {
    this.#tell(done, total, this.#sizes[0] ?? 0)
  }

  /** The file at hand is done: so many records of it were read. */
  finishFile(records: number): void {
    this.#records += records
    this.#bytes += this.#sizes.shift() ?? 0
    this.#tell(0, 0, 0)
  }

  #tell(done: number, expected: number, bytes: number): void {
    const known = this.#records + expected
    const seenBytes = this.#bytes + bytes
    const leftBytes = this.#sizes.reduce((sum, size) => sum + size, 0) - bytes
    const more = seenBytes > 0 ? Math.round((known * leftBytes) / seenBytes) : 0
    this.#sink({phase: 'read', done: this.#records + done, total: known + more, unit: 'records'})
  }
}
