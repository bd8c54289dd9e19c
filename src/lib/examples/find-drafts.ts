import {questionOfHeading} from './questions/asking-headings.js'
import type {Draft, ExampleChunk, ExampleDocument} from './draft.js'
import {entryDrafts} from './entry-drafts.js'
import {isGlossary, isNavigation} from './reading/headings.js'
import {sectionDrafts} from './section-drafts.js'
import {sectionsOf, type Section} from './reading/sections.js'
import {sentenceDrafts} from './sentence-drafts.js'
import type {FoundDraft, Sight} from './reading/sight.js'
import type {Analyser} from '../ports/analyser.js'
import {repeatedNames, type Repeated} from './questions/topics.js'

/** Worse ones are worse than none. */
const LEAST_QUALITY = 3

/** Finds examples in the chunks of one document, which are given one after the other, in order. */
export class DraftFinder {
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
  next(chunk: ExampleChunk): readonly Draft[] {
    const {sections, open} = sectionsOf(chunk, this.#carried)
    this.#carried = open
    if (chunk.ordinal === 1) this.#isGlossary ||= isGlossary(firstLine(chunk.text))
    const repeated = repeatedNames(this.#analyser, chunk.text, this.#document.language)
    return sections
      .filter(({under}) => !under.some(isNavigation))
      .flatMap((section) => this.#draftsOf(chunk, section, repeated))
      .filter(({span, quality}) => span.start >= chunk.overlap && quality >= LEAST_QUALITY)
      .map((found) => ({
        ...found,
        answer: chunk.text.slice(found.span.start, found.span.end),
        ordinals: [chunk.ordinal],
      }))
  }

  #draftsOf(chunk: ExampleChunk, section: Section, repeated: Repeated): readonly FoundDraft[] {
    const sight: Sight = {
      analyser: this.#analyser,
      document: this.#document,
      chunk,
      section,
      within: this.#withinOf(section),
      isGlossary: this.#isGlossary || section.under.some(isGlossary),
      repeated,
    }
    return [...sectionDrafts(sight), ...entryDrafts(sight), ...sentenceDrafts(sight)]
  }

  #withinOf({heading, under}: Section): string | undefined {
    const above = heading === undefined ? under : under.filter((it) => it !== heading)
    const named = above.filter((it) => questionOfHeading(it, this.#document.language) === undefined)
    return named.at(-1) ?? this.#document.title
  }
}

const firstLine = (text: string): string => text.trimStart().split('\n', 1)[0]!.slice(0, 80)
