import type {Place} from '../model/block.js'

/** A chunk within an excerpt, without what repeats the chunk before it. */
export interface ExcerptPart {
  readonly chunkId: string
  readonly text: string
  readonly place: Place | undefined
  readonly score: number
  /** It begins with text that repeats the chunk before, which is not part of this excerpt: perhaps inside a sentence. */
  readonly begunBefore: boolean
}

/** One or several neighbouring chunks of a document, as an answer is made from them. */
export interface Excerpt {
  /** From 1, in the order in which they are read. */
  readonly n: number
  readonly docId: string
  readonly title: string
  readonly heading: readonly string[]
  readonly language: string
  readonly parts: readonly ExcerptPart[]
  /** Of its best chunk. */
  readonly score: number
}

/** The text of an excerpt as the document has it. */
export function textOf(excerpt: Excerpt): string {
  return excerpt.parts.map((part) => part.text).join('')
}

/** The chunk that a citation of the whole excerpt names. */
export function bestPart({parts}: Excerpt): ExcerptPart {
  return parts.reduce((best, part) => (part.score > best.score ? part : best))
}
