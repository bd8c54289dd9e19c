import type {LanguageRules} from './language-rules.js'
import {wordTerms} from './word-terms.js'

/** Words kept of each of two generations. */
const GENERATION_SIZE = 20_000
/** Longer words seldom come twice. */
const MAX_CACHED_LENGTH = 40

/**
 * Remembers the terms of the words met last, by their spelling in the text. Two generations: when the young one is
 * full it becomes the old one, and the former old one is forgotten, so memory is bounded and no order has to be kept.
 */
export class WordTermCache {
  readonly rules: LanguageRules
  readonly #english: LanguageRules
  #young = new Map<string, readonly string[]>()
  #old = new Map<string, readonly string[]>()

  constructor(rules: LanguageRules, english: LanguageRules) {
    this.rules = rules
    this.#english = english
  }

  /** The terms of a word as written; the same array each time, so it is not to be changed. */
  termsOf(word: string): readonly string[] {
    const known = this.#young.get(word)
    if (known !== undefined) return known
    if (word.length > MAX_CACHED_LENGTH) return wordTerms(word, this.rules, this.#english)
    const terms = this.#old.get(word) ?? wordTerms(word, this.rules, this.#english)
    if (this.#young.size >= GENERATION_SIZE) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(detached(word), terms)
    return terms
  }
}

/** A copy with characters of its own: V8 keeps the whole text alive for a slice of 13 characters or more. */
function detached(word: string): string {
  return word.length < 13 ? word : ` ${word}`.slice(1)
}
