import {randomInt} from 'node:crypto'
import type {RetryTools} from '../../kernel/retry.js'
import {sleep} from '../../kernel/sleep.js'
import type {Clock} from '../../ports/surroundings.js'

/** Timers of the process, and jitter that differs between processes; it is no part of any result. */
export function systemRetryTools(clock: Clock): RetryTools {
  return {clock, sleep, random: () => randomInt(2 ** 32) / 2 ** 32}
}
