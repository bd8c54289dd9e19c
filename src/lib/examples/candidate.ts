import type {Span} from '../model/block.js'
import type {ExampleKind} from '../model/operations/examples.js'

/** A chunk as examples are looked for in it. */
export interface ExampleChunk {
  /** Place in the document, from 1. */
  readonly ordinal: number
  readonly text: string
  /** Characters at the start that repeat the chunk before. */
  readonly overlap: number
  readonly heading: readonly string[]
  /** No chunk follows. */
  readonly isLast: boolean
}

export interface ExampleDocument {
  readonly docId: string
  /** A title that a person would use; absent when the document has only a number or file name. */
  readonly title?: string
  readonly language: string
}

/** A question with its answer, before it is chosen. */
export interface Candidate {
  readonly kind: ExampleKind
  readonly question: string
  readonly answer: string
  /** Chunks that support it, by their place; the first is the one that the answer was taken from. */
  readonly ordinals: readonly number[]
  /** Where the answer stands in the first; absent when a model wrote it. */
  readonly span?: Span
  /** 1 to 10. */
  readonly quality: number
}
