import type {EmbeddingVersion} from '../model/embedding.js'
import {queryVectorLate} from '../model/errors/model/embedding-service.js'
import {LIMITS} from '../model/input/limits.js'

/** How long a search waits for its query's vector by default: a model in this process always answers, and may have to be opened first. */
export function queryVectorMs({provider, modelFile}: EmbeddingVersion): number | undefined {
  return modelFile !== undefined || provider === 'transformers' ? undefined : LIMITS.queryVectorMs
}

/**
 * Does `work`, which is told by its signal when the time is over, and is left alone when it does not hear.
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
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      limit.abort()
      reject(queryVectorLate(model, limitMs))
    }, limitMs)
  })
  try {
    return await Promise.race([work(limit.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
