import type {EmbeddingVersion} from '../model/embedding.js'

/** Too many texts without a single known word: the corpus now speaks of other things than the model knows. */
const EMPTY_SHARE = 0.2
const EMPTY_MIN = 20

/** A model learned from the corpus is learned anew when the corpus has doubled since. */
export function hasOutgrown(version: EmbeddingVersion, liveChunks: number): boolean {
  return version.fittedChunks !== undefined && liveChunks >= 2 * version.fittedChunks
}

/** True when too much of what was just embedded lies outside the model's vocabulary. */
export function knowsTooLittle(embedded: {readonly misses: number; readonly empty: number}): boolean {
  return embedded.empty >= EMPTY_MIN && embedded.empty > EMPTY_SHARE * embedded.misses
}
