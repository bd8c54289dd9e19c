import {setTimeout as sleepFor} from 'node:timers/promises'

/** Resolves after so many milliseconds, and at once when `signal` is aborted. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

/** By the timers of the process. */
export const sleep: Sleep = async (ms, signal) => {
  await sleepFor(ms, undefined, signal ? {signal} : {}).catch(() => undefined)
}
