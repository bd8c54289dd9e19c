import {reasonOf, type WatchReport} from '../../lib/index.js'
import {Metrics, type MetricsPlace} from './metrics.js'
import {optional} from '../optional.js'

/** A status, or the last word, of a watch. */
export type WatchFigures = Omit<WatchReport, 'rounds' | 'interrupted' | 'blocked'>

/** Figures of a watch for Prometheus, written again and again while it runs. */
export class WatchMetrics {
  readonly #metrics: Metrics
  readonly #now: () => number
  readonly #startedAt: number
  #hasFailed = false

  constructor(place: MetricsPlace, {corpus, now}: {readonly corpus: string; readonly now: () => number}) {
    this.#metrics = new Metrics(place, {command: 'watch', corpus})
    this.#now = now
    this.#startedAt = now()
  }

  get onEmbed(): Metrics['onEmbed'] {
    return this.#metrics.onEmbed
  }

  /** Figures that can't be written keep no batch from being loaded; it is said once. */
  async writeMeanwhile(figures: WatchFigures, onTrouble: (why: string) => void): Promise<void> {
    try {
      await this.write(figures)
      this.#hasFailed = false
    } catch (error) {
      if (!this.#hasFailed) onTrouble(reasonOf(error))
      this.#hasFailed = true
    }
  }

  /** @throws RagError USAGE when the file can't be written */
  async write(figures: WatchFigures): Promise<void> {
    const {inserted, skipped, failed, waiting, setAside, missing, lagMs, lastSuccessMs, pending} = figures
    const now = this.#now()
    await this.#metrics.write(
      {
        inserted,
        skipped,
        failed,
        seconds: (now - this.#startedAt) / 1000,
        ...optional({pending}),
        isSuccess: waiting + setAside + missing + failed === 0,
        more: {
          watch_waiting_files: {help: 'Files that are there and not done.', value: waiting},
          watch_set_aside_files: {help: 'Files that were set aside since the start.', value: setAside},
          watch_missing_files: {
            help: 'Batches that a manifest beside the others names and that have not come.',
            value: missing,
          },
          watch_lag_seconds: {help: 'Age of the oldest file that waits.', value: lagMs / 1000},
          ...(lastSuccessMs === undefined ? {} : lastSuccess(lastSuccessMs)),
        },
      },
      now,
    )
  }
}

const lastSuccess = (ms: number): Readonly<Record<string, {help: string; value: number}>> => ({
  watch_last_success_timestamp_seconds: {help: 'When a file was last done whole.', value: ms / 1000},
})
