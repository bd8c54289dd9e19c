import type {Clock} from '../../ports/surroundings.js'

/** Says when to begin nothing more: the time is up, or the call was interrupted. */
export class TimeBudget {
  readonly #clock: Clock
  readonly #deadlineMs: number
  readonly #signal: AbortSignal | undefined

  constructor(clock: Clock, maxDurationMs: number | undefined, signal?: AbortSignal) {
    this.#clock = clock
    this.#signal = signal
    this.#deadlineMs = maxDurationMs === undefined ? Infinity : clock.monotonic() + maxDurationMs
  }

  get isLimited(): boolean {
    return this.#deadlineMs !== Infinity
  }

  get isInterrupted(): boolean {
    return this.#signal?.aborted === true
  }

  get isSpent(): boolean {
    return this.isInterrupted || this.#clock.monotonic() >= this.#deadlineMs
  }

  /** A budget of half of what is left, so that what comes after gets its turn. */
  half(): TimeBudget {
    const left = this.#deadlineMs - this.#clock.monotonic()
    return new TimeBudget(this.#clock, left === Infinity ? undefined : Math.max(0, left / 2), this.#signal)
  }
}
