import {CHARACTERS, TOKEN_CLASS, TokenClass} from '../characters/character-class.js'
import {splitsPair} from '../characters/code-points.js'

const {SPACE, LATIN, DIGIT, LETTER, LOW_SURROGATE} = TokenClass

/** Characters of a run that make one token, by class: see `countTokens`. */
const LATIN_RUN = 6
const DIGIT_RUN = 3
const LETTER_RUN = 4

/**
 * A cheap, deterministic estimate of how many tokens a WordPiece-like tokenizer makes of `text`:
 * white space 0; a run of Latin letters one for every 6 or part of it; digits one for every 3; letters of other alphabets
 * one for every 4; every ideograph, kana, Hangul, Thai, Khmer, Lao or Burmese character 1; every other mark or symbol 1
 * (a surrogate pair 1).
 *
 * Cutting a text in two never makes the sum smaller than the whole (each rule is a rounded-up fraction of a run), and at white
 * space or where the class changes it leaves the sum as it is. So sums over pieces are safe upper bounds.
 */
export function countTokens(text: string): number {
  return countRange(text, 0, text.length)
}

/** `countTokens(text.slice(start, end))` without making the slice. */
export function countRange(text: string, start: number, end: number): number {
  let tokens = 0
  let at = start
  while (at < end) {
    const kind = CHARACTERS[text.charCodeAt(at)]! & TOKEN_CLASS
    if (kind === SPACE) {
      at++
    } else if (kind <= LETTER) {
      const from = at++
      while (at < end && (CHARACTERS[text.charCodeAt(at)]! & TOKEN_CLASS) === kind) at++
      tokens += tokensOfRun(kind, at - from)
    } else {
      if (kind !== LOW_SURROGATE || !splitsPair(text, at, start)) tokens++
      at++
    }
  }
  return tokens
}

/** Tokens of `length` characters of one class that stand together; `kind` is LATIN, DIGIT or LETTER. */
export function tokensOfRun(kind: number, length: number): number {
  if (kind === LATIN) return Math.ceil(length / LATIN_RUN)
  return Math.ceil(length / (kind === DIGIT ? DIGIT_RUN : LETTER_RUN))
}
