import type {Clock} from '../ports/surroundings.js'
import type {Sleep} from './sleep.js'

/** What retrying takes from its surroundings. */
export interface RetryTools {
  readonly clock: Clock
  readonly sleep: Sleep
  /** From 0 to 1, for the jitter. */
  readonly random: () => number
}

/** How long to wait before the next attempt. */
export interface Backoff {
  /** After the first failure; doubled with each that follows. */
  readonly firstMs: number
  /** The longest, before jitter; also of a wait that the other side asks for. */
  readonly mostMs: number
  /** Each wait is multiplied by a random number between these, so that many processes do not come back at once. */
  readonly jitter: readonly [number, number]
}

export interface RetryPolicy {
  /** Attempts in all, in a row that brought nothing. */
  readonly attempts: number
  readonly backoff: Backoff
  /** Undefined for an error that the next attempt would meet again; else how long the other side asks to wait, if it does. */
  readonly transient: (error: unknown) => {readonly afterMs?: number | undefined} | undefined
  /** Whether the attempt that failed got further than the one before: then the count begins anew. */
  readonly hasProgressed?: (() => boolean) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes attempts until one succeeds, waiting longer after each that failed for a passing reason.
 * @throws what the last attempt threw; the reason of `signal` once it is aborted, also while it waits
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  {attempts, backoff, transient, hasProgressed, signal}: RetryPolicy,
  {sleep, random}: Pick<RetryTools, 'sleep' | 'random'>,
): Promise<T> {
  for (let failures = 0; ;) {
    signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      const passing = transient(error)
      failures = hasProgressed?.() === true ? 1 : failures + 1
      if (!passing || failures >= attempts) throw error
      const asked = passing.afterMs
      await sleep(
        asked === undefined ? backoffMs(failures, backoff, random()) : Math.min(asked, backoff.mostMs),
        signal,
      )
    }
  }
}

/** The wait after so many failures in a row. @param random from 0 to 1 */
export function backoffMs(failures: number, {firstMs, mostMs, jitter}: Backoff, random: number): number {
  const base = Math.min(mostMs, firstMs * 2 ** Math.max(0, failures - 1))
  const [least, most] = jitter
  return Math.round(base * (least + (most - least) * random))
}

/** Whether an HTTP service that answers so may answer otherwise later. */
export const isTransientStatus = (status: number): boolean => status === 429 || status >= 500

/** The wait that a `Retry-After` header asks for: seconds or a date. Undefined for anything else. */
export function retryAfterMs(header: string | undefined, clock: Clock): number | undefined {
  if (header === undefined) return undefined
  const raw = header.trim()
  if (/^\d{1,6}(\.\d+)?$/.test(raw)) return 1000 * Number(raw)
  // A bare number is read as a year by Date.parse.
  const at = /[a-z]/i.test(raw) ? Date.parse(raw) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now())
}
