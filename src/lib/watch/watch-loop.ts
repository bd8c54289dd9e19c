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

/** Keeps one thing up to date: a round at a time. */
export interface Watcher {
  /**
   * Compares what there is with what is done, and does the rest.
   * @throws RagError what does not pass by itself; a transient fault is thrown, too, and met by waiting
   */
  runRound(signal: AbortSignal): Promise<void>
  status(): WatchStatus
  totals(): WatchTotals
}

export interface LoopTools {
  readonly watcher: Watcher
  readonly clock: Clock
  /** Ends early when something changed, or the signal says so. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly onEvent: (event: WatchEvent) => void
}

const INTERVAL_MS = 15_000

/**
 * Runs rounds until the signal stops it, or one. What passes by itself (a service that is down, another writer, a full disk) is waited for,
 * longer each time; anything else ends it.
 */
export async function watchLoop(
  {watcher, pause, onEvent}: LoopTools,
  {intervalMs = INTERVAL_MS, once = false}: Pick<WatchRequest, 'intervalMs' | 'once'>,
  signal: AbortSignal,
): Promise<WatchReport> {
  let rounds = 0
  let blocked: WatchReport['blocked']
  for (let inARow = 0; !signal.aborted;) {
    let pauseMs = intervalMs
    try {
      rounds++
      await watcher.runRound(signal)
      inARow = 0
    } catch (error) {
      if (!isTransient(error)) throw error
      const {code, message} = error
      pauseMs = Math.min(backoffMs(++inARow, spreadOf(message), Math.min(intervalMs, 5000)), 5 * 60_000)
      blocked = {code, message}
      onEvent({kind: 'waiting', code, message, retryInMs: once ? 0 : pauseMs})
    }
    // Also while nothing can be done: that is when the lag matters.
    onEvent({kind: 'status', ...watcher.totals(), ...watcher.status()})
    if (once) break
    await pause(pauseMs, signal)
  }
  const isBlocked = once && blocked ? {blocked} : {}
  return {rounds, ...watcher.totals(), ...watcher.status(), interrupted: signal.aborted, ...isBlocked}
}
