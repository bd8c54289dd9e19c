/** A chunk within a passage, without what repeats the chunk before it. */
export interface PassagePart {
  readonly chunkId: string
  readonly text: string
  readonly lines: readonly [number, number]
  readonly score: number
  /** It begins with text that repeats the chunk before, which is not part of this passage: perhaps inside a sentence. */
  readonly begunBefore: boolean
}

/** One or several neighbouring chunks of a document, as an answer is made from them. */
export interface Passage {
  /** From 1, in the order in which they are read. */
  readonly n: number
  readonly docId: string
  readonly title: string
  readonly heading: readonly string[]
  readonly language: string
  readonly parts: readonly PassagePart[]
  /** Of its best chunk. */
  readonly score: number
}

/** The text of a passage as the document has it. */
export function textOf(passage: Passage): string {
  return passage.parts.map((part) => part.text).join('')
}

/** The chunk that a citation of the whole passage names. */
export function bestPart({parts}: Passage): PassagePart {
  return parts.reduce((best, part) => (part.score > best.score ? part : best))
}
