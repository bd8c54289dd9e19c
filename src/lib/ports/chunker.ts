import type {Chunk} from '../model/chunk.js'
import type {LoadedDocument} from '../model/document.js'

export interface ChunkerOptions {
  /** Largest chunk, in tokens (see `countTokens`), at least 8. */
  readonly size: number
  /** Tokens repeated from the chunk before, less than `size`; 0 for none. */
  readonly overlap: number
}

/**
 * Cuts documents into chunks. Pure and deterministic.
 * - Chunks joined in order without their overlaps are the text, to the character.
 * - No chunk has more than `size` tokens, overlap included.
 * - A text without any letter or digit gives no chunk or one chunk; the empty text gives none.
 * - Time and memory grow with the length of the text, whatever is in it.
 */
export interface Chunker {
  /** Changes whenever the chunks of any text change: algorithm version + options. */
  readonly fingerprint: string
  chunk(document: LoadedDocument): readonly Chunk[]
}
