import type {EmbeddingVersion} from '../model/embedding.js'
import {queryVectorLate} from '../model/errors/model/embedding-service.js'
import {nextTurn} from '../kernel/next-turn.js'
import {LIMITS} from '../model/input/limits.js'

/** How long a search waits for its query's vector by default: a model in this process always answers, and may have to be opened first. */
export function queryVectorMs({provider, modelFile}: EmbeddingVersion): number | undefined {
  return modelFile !== undefined || provider === 'transformers' ? undefined : LIMITS.queryVectorMs
}

/**
 * Does `work`, which is told by its signal when the time is over, and is left alone when it does not hear. The error then tells what the
 * last try came to, if the work ends with that as its cause.
 * @throws RagError EMBEDDER_UNREACHABLE when the time is over; what `work` throws before
 */
export async function withinTime<T>(
  limitMs: number | undefined,
  model: string,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (limitMs === undefined) return work(undefined)
  const limit = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const made = work(limit.signal)
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      limit.abort()
      void Promise.race([lastFailure(made), nextTurn()]).then((why) =>
        reject(queryVectorLate(model, limitMs, why ?? undefined)),
      )
    }, limitMs)
  })
  try {
    // Work that ends because it was told to is late.
    return await Promise.race([
      made.catch((error: unknown) => (limit.signal.aborted ? late : Promise.reject(error as Error))),
      late,
    ])
  } finally {
    clearTimeout(timer)
  }
}

/** What the last try of work that was told to stop came to. */
async function lastFailure(made: Promise<unknown>): Promise<string | undefined> {
  try {
    await made
    return undefined
  } catch (error) {
    const {cause} = error as Error
    return cause instanceof Error ? cause.message : undefined
  }
}
