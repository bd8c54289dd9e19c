import type {Clock} from '../../src/lib/ports/surroundings.js'

/** A clock that stands still until it is told otherwise. */
export class FixedClock implements Clock {
  #nowMs: number
  #monotonicMs = 0

  constructor(nowMs = 1_700_000_000_000) {
    this.#nowMs = nowMs
  }

  now(): number {
    return this.#nowMs
  }

  monotonic(): number {
    return this.#monotonicMs
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.#nowMs += ms
    this.#monotonicMs += ms
  }

  /** Sets the wall clock, also backwards, as an administrator does. */
  set(nowMs: number): void {
    this.#nowMs = nowMs
  }
}
