import type {
  WatchEvent,
  WatchReport,
  WatchRequest,
  WatchStatus,
  WatchTotals,
} from '../model/operations/watch.js'
import type {Clock} from '../ports/surroundings.js'
import {backoffMs, spreadOf} from './backoff.js'
import {isTransient} from '../model/errors/questions.js'

/** Looks once at what there is, does what is to be done, and says how it went. */
export interface Sweeper {
  /** @throws RagError what does not pass by itself; a passing fault is thrown, too, and met by waiting */
  sweep(signal: AbortSignal): Promise<void>
  status(): WatchStatus
  totals(): WatchTotals
}

export interface LoopTools {
  readonly sweeper: Sweeper
  readonly clock: Clock
  /** Ends early when something changed, or the signal says so. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly onEvent: (event: WatchEvent) => void
}

const INTERVAL_MS = 15_000

/**
 * Sweeps until it is told to stop, or once. What passes by itself (a service that is down, another writer, a full disk) is waited for,
 * longer each time; anything else ends it.
 */
export async function watchLoop(
  {sweeper, pause, onEvent}: LoopTools,
  {intervalMs = INTERVAL_MS, once = false}: Pick<WatchRequest, 'intervalMs' | 'once'>,
  signal: AbortSignal,
): Promise<WatchReport> {
  let sweeps = 0
  let blocked: WatchReport['blocked']
  for (let inARow = 0; !signal.aborted;) {
    let pauseMs = intervalMs
    try {
      sweeps++
      await sweeper.sweep(signal)
      inARow = 0
    } catch (error) {
      if (!isTransient(error)) throw error
      const {code, message} = error
      pauseMs = Math.min(backoffMs(++inARow, spreadOf(message), Math.min(intervalMs, 5000)), 5 * 60_000)
      blocked = {code, message}
      onEvent({kind: 'waiting', code, message, retryInMs: once ? 0 : pauseMs})
    }
    // Also while nothing can be done: that is when the lag matters.
    onEvent({kind: 'status', ...sweeper.totals(), ...sweeper.status()})
    if (once) break
    await pause(pauseMs, signal)
  }
  const isBlocked = once && blocked ? {blocked} : {}
  return {sweeps, ...sweeper.totals(), ...sweeper.status(), interrupted: signal.aborted, ...isBlocked}
}
