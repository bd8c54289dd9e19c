import type {Place} from './block.js'
import type {Metadata} from './metadata.js'

/**
 * A piece of a document's text. `text` is `document.text.slice(start, end)`, unaltered.
 * The first `overlap` characters repeat the end of the chunk before; without them, the chunks of a document joined in
 * order are its text.
 */
export interface Chunk {
  /** Place in the document, from 1. */
  readonly ordinal: number
  readonly text: string
  readonly start: number
  readonly end: number
  readonly overlap: number
  /** Titles of the headings above it, outermost first. */
  readonly heading: readonly string[]
  /** First and last line of the source, from 1, inclusive; 0 when its place is no range of lines. See `placeOf`. */
  readonly startLine: number
  readonly endLine: number
  /** Where it stands when that is no range of lines. */
  readonly place?: Place | undefined
  readonly tokens: number
}

/**
 * The text of a document, from its chunks in order: each without what it repeats of the chunk before. Of a text that was cut here it is
 * that text, character for character; chunks that came ready-made are joined as they are.
 */
export function joinChunks(chunks: readonly Pick<Chunk, 'text' | 'overlap'>[]): string {
  return chunks.map(({text, overlap}, i) => (i === 0 ? text : text.slice(overlap))).join('')
}

/** A stored, live chunk with what a hit shows of its document. */
export interface StoredChunk {
  readonly id: number
  readonly documentId: number
  readonly docId: string
  readonly ordinal: number
  readonly title: string
  readonly language: string
  readonly text: string
  readonly heading: readonly string[]
  /** As of `Chunk`. */
  readonly startLine: number
  readonly endLine: number
  readonly place?: Place | undefined
  readonly tokens: number
  readonly overlap: number
  readonly contentHash: string
  /** The document's metadata with the chunk's own laid over it. */
  readonly metadata: Metadata
}
