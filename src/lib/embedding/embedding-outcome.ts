import type {RagError} from '../model/errors.js'

/** What `embedCorpus` did. */
export interface EmbeddingOutcome {
  /** Vectors that came from the cache. */
  readonly hits: number
  /** Vectors that a model made. */
  readonly misses: number
  /** Segments published. */
  readonly checkpoints: number
  readonly interrupted: boolean
  /** Why not all was embedded, when the model could not be reached or used: what was embedded before is kept, the rest is pending. */
  readonly failure?: RagError | undefined
  readonly notes: readonly string[]
}

export const NOTHING_EMBEDDED: EmbeddingOutcome = {
  hits: 0,
  misses: 0,
  checkpoints: 0,
  interrupted: false,
  notes: [],
}

/** Two outcomes of one job, one after the other; the later one says how it ended. */
export function sumOutcomes<T extends EmbeddingOutcome>(before: EmbeddingOutcome, after: T): T {
  return {
    ...after,
    hits: before.hits + after.hits,
    misses: before.misses + after.misses,
    checkpoints: before.checkpoints + after.checkpoints,
    notes: [...before.notes, ...after.notes],
  }
}
