import {inputText, type EmbedInput, type EmbedderIdentity} from '../../model/embedding.js'
import type {ModelFamily} from '../../model/model-family.js'
import type {Embedder} from '../../ports/embedder.js'
import type {EncoderThread} from './encoder-thread.js'

/** Weight of the vector side that suits neural models in hybrid search. */
const WEIGHT = 0.5
/** A few seconds' work of a small model: what a kill may cost. */
const BATCH = 64

/** An embedder whose model runs in threads of this process. */
export class TransformersEmbedder implements Embedder {
  readonly identity: EmbedderIdentity
  readonly limits: Embedder['limits']
  readonly defaultWeight = WEIGHT
  readonly #ways: ModelFamily
  readonly #threads: readonly EncoderThread[]

  constructor(identity: EmbedderIdentity, ways: ModelFamily, threads: readonly EncoderThread[]) {
    this.identity = identity
    this.limits = {batch: BATCH, concurrency: threads.length}
    this.#ways = ways
    this.#threads = threads
  }

  async embed(
    inputs: readonly EmbedInput[],
    {kind, signal}: {readonly kind: 'query' | 'passage'; readonly signal?: AbortSignal},
  ): Promise<readonly (Float32Array | undefined)[]> {
    const prefix = kind === 'query' ? this.#ways.queryPrefix : this.#ways.passagePrefix
    const texts = inputs.map((input) => inputText(input))
    const asked = [...texts.keys()].filter((i) => texts[i]!.trim() !== '')
    const vectors = await this.#idlest().encode(
      asked.map((i) => prefix + texts[i]!),
      signal,
    )
    const {dimension} = this.identity
    const made = new Map(asked.map((i, n) => [i, vectors.slice(n * dimension, (n + 1) * dimension)]))
    return inputs.map((_, i) => finite(made.get(i)))
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  #idlest(): EncoderThread {
    return this.#threads.reduce((best, thread) => (thread.load < best.load ? thread : best))
  }
}

/** Numbers that can't be compared, or no direction at all: the model has nothing to say. */
function finite(vector: Float32Array | undefined): Float32Array | undefined {
  if (!vector?.every(Number.isFinite)) return undefined
  return vector.some((value) => value !== 0) ? vector : undefined
}
