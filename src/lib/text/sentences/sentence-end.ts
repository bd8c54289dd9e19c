import {
  CHARACTERS,
  SENTENCE_STOP,
  skipSpace,
  TokenClass,
  tokenClassAt,
} from '../characters/character-class.js'
import {GREEK, GREEK_EXTENDED, isIn} from '../characters/code-points.js'
import {isAbbreviation} from './abbreviations.js'

const {SPACE, LATIN, DIGIT, LETTER, WIDE} = TokenClass

const CLOSERS = new Set('.!?…"\'”’»›)]}*_`」』）】》〉。！？')
/** Stops that end a sentence without white space after them. */
const BARE_STOPS = new Set('।॥。！？｡؟۔።፧။។៕։')

/**
 * Where the sentence that begins at `from` ends: the place of the first character of the next one, or `end`.
 * Knows `. ! ?` before white space and a capital, a digit or an opening mark; the full stops of Chinese, Japanese, Hindi, Arabic,
 * Urdu, Armenian, Amharic, Burmese and Khmer; the Greek question mark; and lines that begin with a bullet or number.
 * Passes over common abbreviations, initials, ordinals and decimals. Looks at every character at most a few times.
 */
export function sentenceEnd(text: string, from: number, end: number): number {
  let at = from
  while (at < end) {
    const code = text.charCodeAt(at)
    if ((CHARACTERS[code]! & SENTENCE_STOP) === 0) {
      at++
      continue
    }
    const after = at + 1
    const next = code === 0x0a ? bulletAfter(text, after, end) : stopAfter(text, at, end)
    if (next > 0) return next
    at = Math.max(after, -next)
  }
  return end
}

/** The start of a list item on the line that begins at `from`; else minus the place to go on from. */
function bulletAfter(text: string, from: number, end: number): number {
  const at = skipSpace(text, from, end)
  if (at >= end) return -end
  let marker = at
  while (marker < end && marker - at < 4 && tokenClassAt(text, marker) === DIGIT) marker++
  const mark = text.charAt(marker)
  const numbered = marker > at && (mark === '.' || mark === ')')
  const bullet = marker === at && '-*+•‣◦▪–'.includes(mark)
  return (numbered || bullet) && marker + 1 < end && tokenClassAt(text, marker + 1) === SPACE ? at : -at
}

/** The start of the sentence after the stop at `at`; else minus the place to go on from. */
function stopAfter(text: string, at: number, end: number): number {
  let close = at + 1
  while (close < end && CLOSERS.has(text.charAt(close))) close++
  const next = skipSpace(text, close, end)
  if (next >= end) return -end
  const stop = text.charAt(at)
  if (BARE_STOPS.has(stop)) return next
  if (next === close || !opensSentence(text, next)) return -close
  if (stop === '.' && close === at + 1 && isAbbreviation(text, at)) return -close
  if (stop === ';') return isGreek(text.charCodeAt(at - 1)) ? next : -close
  return next
}

/** Whether a sentence may begin with the character at `at`: anything but a small letter and closing or joining marks. */
function opensSentence(text: string, at: number): boolean {
  const kind = tokenClassAt(text, at)
  if (kind === LATIN || kind === LETTER) {
    const letter = text.charAt(at)
    return letter.toLowerCase() !== letter || letter.toUpperCase() === letter
  }
  if (kind === DIGIT || kind === WIDE) return true
  return !',;:.!?)]}%&=+|/…'.includes(text.charAt(at))
}

function isGreek(code: number): boolean {
  return isIn(code, GREEK) || isIn(code, GREEK_EXTENDED)
}
