import type {Analyser} from '../../ports/analyser.js'
import type {Span} from '../../model/block.js'
import type {Candidate, ExampleChunk, ExampleDocument} from '../candidate.js'
import type {Section} from './sections.js'
import type {Repeated} from '../questions/topics.js'

/** All that is known where an example is looked for. */
export interface CandidateContext {
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

/** A candidate before it says which chunk it is of. */
export type FoundCandidate = Omit<Candidate, 'answer' | 'ordinals' | 'span'> & {readonly span: Span}
