import {sleep} from '../kernel/sleep.js'
import type {Embedder} from '../ports/embedder.js'
import type {Clock} from '../ports/surroundings.js'

export interface Pace {
  readonly clock: Clock
  /** Pause after each call. */
  readonly sleepMs: number | undefined
  /** Called with each call that was answered. */
  readonly onEmbed: ((call: {readonly texts: number; readonly ms: number}) => void) | undefined
}

/** The same embedder, its calls timed and followed by a pause, for services that are shared or paid by the minute. */
export function pacedEmbedder(inner: Embedder, {clock, sleepMs = 0, onEmbed}: Pace): Embedder {
  if (sleepMs === 0 && !onEmbed) return inner
  const {identity, limits, defaultWeight} = inner
  return {
    identity,
    limits: sleepMs === 0 ? limits : {...limits, concurrency: 1},
    defaultWeight,
    embed: async (inputs, options) => {
      const startedAt = clock.monotonic()
      const vectors = await inner.embed(inputs, options)
      onEmbed?.({texts: inputs.length, ms: clock.monotonic() - startedAt})
      // Ends early when the call is interrupted: what was just embedded is then committed.
      if (sleepMs > 0 && inputs.length > 0) await sleep(sleepMs, options.signal)
      return vectors
    },
    claim: async (inputs) => inner.claim?.(inputs),
    close: () => inner.close(),
  }
}
