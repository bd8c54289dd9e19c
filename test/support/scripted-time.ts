import type {RetryTools} from '../../src/lib/kernel/retry.js'
import {FixedClock} from './fixed-clock.js'

/** Time that passes only when somebody sleeps: at once, and written down. */
export class ScriptedTime implements RetryTools {
  readonly clock = new FixedClock()
  /** How long was slept, in milliseconds. */
  readonly waits: number[] = []
  /** What the jitter gets next, again and again. */
  chance = 0.5
  /** Called when a sleep begins. */
  onSleep: () => void = () => undefined

  readonly random = (): number => this.chance

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    this.waits.push(ms)
    this.onSleep()
    await Promise.resolve()
    if (!signal?.aborted) this.clock.advance(ms)
  }
}
