import type {Analyser} from '../../ports/analyser.js'
import type {Span} from '../../model/block.js'
import type {Draft, ExampleChunk, ExampleDocument} from '../draft.js'
import type {Section} from './sections.js'
import type {Repeated} from '../questions/topics.js'

/** All that is known where an example is looked for. */
export interface Sight {
  /** Prepared for the document's language. */
  readonly analyser: Analyser
  readonly document: ExampleDocument
  readonly chunk: ExampleChunk
  readonly section: Section
  /** The nearest title above the section's own. */
  readonly within: string | undefined
  /** It explains terms. */
  readonly isGlossary: boolean
  readonly repeated: Repeated
}

/** A draft before it says which chunk it is of. */
export type FoundDraft = Omit<Draft, 'answer' | 'ordinals' | 'span'> & {readonly span: Span}
