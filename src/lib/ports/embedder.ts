import type {EmbedInput, EmbedderIdentity} from '../model/embedding.js'

/** Turns texts into vectors of one model. Models that take plain text are given `inputText` of each input. */
export interface Embedder {
  readonly identity: EmbedderIdentity
  /** How many inputs to hand over at once, and how many calls may run side by side. */
  readonly limits: {readonly batch: number; readonly concurrency: number}
  /** Weight of the vector side that suits this model in hybrid search, 0–1. */
  readonly defaultWeight: number
  /**
   * One result an input, in order, of `identity.dimension` finite numbers; `undefined` where the model has nothing to say
   * of a text. The same input gives the same vector, whatever stands beside it in the batch.
   * @throws RagError EMBEDDER_UNREACHABLE | MODEL_DAMAGED | INTERRUPTED
   */
  embed(
    inputs: readonly EmbedInput[],
    options: {readonly kind: 'query' | 'passage'; readonly signal?: AbortSignal | undefined},
  ): Promise<readonly (Float32Array | undefined)[]>
  /** Told of passages whose vectors were found already made, so that what is kept of them is found by their documents too. */
  claim?(inputs: readonly EmbedInput[]): Promise<void>
  close(): Promise<void>
}

export interface FitOptions {
  readonly dimension: number
  /** Where to write the model file. */
  readonly path: string
  readonly signal?: AbortSignal | undefined
  /** Called with steps done and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** A model that is learned from the corpus it serves. */
export interface FittedModel {
  readonly provider: string
  /** Most inputs worth handing to `fit`; a sample is to be drawn beyond that. */
  readonly sampleSize: number
  /**
   * Learns from the inputs (in the given order; equal inputs in equal order give an equal file) and writes a model file.
   * `dimension` of the answer may be smaller than asked when the sample does not span as much; 0 when nothing can be
   * learned (no term occurs twice), in which case no file is written.
   */
  fit(inputs: AsyncIterable<readonly EmbedInput[]>, options: FitOptions): Promise<{dimension: number}>
  /**
   * Opens a model for a few queries: reads only the rows that the queries need.
   * @throws RagError MODEL_DAMAGED
   */
  openForQueries(path: string, identity: EmbedderIdentity): Promise<Embedder>
  /** Opens a model for many passages, on all cores. @throws RagError MODEL_DAMAGED */
  openForPassages(path: string, identity: EmbedderIdentity): Promise<Embedder>
}
