import {isIn, REGIONAL_INDICATORS, SKIN_TONES, splitsPair} from './code-points.js'

const JOINING = /^[\p{M}\u200c\u200d\ufe00-\ufe0f]/u
const ZERO_WIDTH_JOINER = 0x200d
/** Longest cluster that is kept whole; beyond it only surrogate pairs are, so that hostile marks cannot hold up the cut. */
const LONGEST_CLUSTER = 32

/** The last place in `(start, at]` where the text may be cut without splitting a visible character; at least `start + 1`. */
export function graphemeBreak(text: string, start: number, at: number): number {
  const lowest = Math.max(start + 1, at - LONGEST_CLUSTER)
  for (let place = at; place >= lowest; place--) if (isBreak(text, place)) return place
  if (splitsPair(text, at)) return at - 1 > start ? at - 1 : at + 1
  return at
}

/** Whether a cut before `at` splits neither a surrogate pair, a base and its marks, a joined emoji nor a flag. */
export function isBreak(text: string, at: number): boolean {
  if (splitsPair(text, at)) return false
  const before = text.charCodeAt(at - 1)
  const code = text.codePointAt(at) ?? 0
  if (before < 0x300 && code < 0x300) return true
  if (before === ZERO_WIDTH_JOINER || isIn(code, SKIN_TONES)) return false
  if (isIn(code, REGIONAL_INDICATORS)) return !isFlagLetterBefore(text, at)
  return !JOINING.test(String.fromCodePoint(code))
}

/** Flags are pairs of regional letters: an odd number of them before `at` means that it is inside a flag. */
function isFlagLetterBefore(text: string, at: number): boolean {
  let letters = 0
  for (let place = at - 2; place >= 0 && letters < LONGEST_CLUSTER; place -= 2) {
    const code = text.codePointAt(place) ?? 0
    if (!isIn(code, REGIONAL_INDICATORS)) break
    letters++
  }
  return letters % 2 === 1
}
