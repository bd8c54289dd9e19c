import {questionOfHeading} from './questions/asking-headings.js'
import type {Candidate, ExampleChunk, ExampleDocument} from './candidate.js'
import {entryCandidates} from './entry-candidates.js'
import {isGlossary, isNavigation} from './reading/headings.js'
import {sectionCandidates} from './section-candidates.js'
import {sectionsOf, type Section} from './reading/sections.js'
import {sentenceCandidates} from './sentence-candidates.js'
import type {FoundCandidate, CandidateContext} from './reading/candidate-context.js'
import type {Analyser} from '../ports/analyser.js'
import {repeatedNames, type Repeated} from './questions/topics.js'

/** Worse ones are worse than none. */
const LEAST_QUALITY = 3

/** Finds examples in the chunks of one document, which are given one after the other, in order. */
export class CandidateFinder {
  readonly #analyser: Analyser
  readonly #document: ExampleDocument
  #carried: string | undefined
  #isGlossary: boolean

  constructor(analyser: Analyser, document: ExampleDocument) {
    this.#analyser = analyser
    this.#document = document
    this.#isGlossary = isGlossary(document.title ?? '')
  }

  /**
   * The examples of the next chunk. Each answer is a piece of the chunk's text. What begins in the part that repeats the chunk before was
   * found there.
   */
  next(chunk: ExampleChunk): readonly Candidate[] {
    const {sections, open} = sectionsOf(chunk, this.#carried)
    this.#carried = open
    if (chunk.ordinal === 1) this.#isGlossary ||= isGlossary(firstLine(chunk.text))
    const repeated = repeatedNames(this.#analyser, chunk.text, this.#document.language)
    return sections
      .filter(({under}) => !under.some(isNavigation))
      .flatMap((section) => this.#candidatesOf(chunk, section, repeated))
      .filter(({span, quality}) => span.start >= chunk.overlap && quality >= LEAST_QUALITY)
      .map((found) => ({
        ...found,
        answer: chunk.text.slice(found.span.start, found.span.end),
        ordinals: [chunk.ordinal],
      }))
  }

  #candidatesOf(chunk: ExampleChunk, section: Section, repeated: Repeated): readonly FoundCandidate[] {
    const context: CandidateContext = {
      analyser: this.#analyser,
      document: this.#document,
      chunk,
      section,
      within: this.#withinOf(section),
      isGlossary: this.#isGlossary || section.under.some(isGlossary),
      repeated,
    }
    return [...sectionCandidates(context), ...entryCandidates(context), ...sentenceCandidates(context)]
  }

  #withinOf({heading, under}: Section): string | undefined {
    const above = heading === undefined ? under : under.filter((it) => it !== heading)
    const named = above.filter((it) => questionOfHeading(it, this.#document.language) === undefined)
    return named.at(-1) ?? this.#document.title
  }
}

const firstLine = (text: string): string => text.trimStart().split('\n', 1)[0]!.slice(0, 80)
