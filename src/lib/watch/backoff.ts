import {backoffMs as waitAfter} from '../kernel/retry.js'

const FIRST_MS = 5_000
const MOST_MS = 10 * 60_000

/**
 * How long to wait after the nth failure: doubled each time, with up to a quarter more, by what `spread` (0 to 1) says, so that many
 * watchers don't come back at once.
 */
export function backoffMs(failures: number, spread: number, firstMs = FIRST_MS): number {
  return waitAfter(failures, {firstMs, mostMs: MOST_MS, jitter: [1, 1.25]}, spread)
}

/** A number from 0 to 1 that depends on a text alone: without chance, and yet different for each file. */
export function spreadOf(text: string): number {
  let hash = 2166136261
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619)
  return (hash >>> 0) / 4294967296
}
