import {WordClass, wordClassAt} from '../characters/character-class.js'
import {HIGH_SURROGATES, isIn} from '../characters/code-points.js'

/** Called with each run of a text, in order: `text.slice(start, end)`. `unspaced` runs are writing without spaces. */
export type RunVisitor = (start: number, end: number, unspaced: boolean) => void

const {OTHER, LETTER, DIGIT, MARK, EAST_ASIAN, SOUTH_EAST_ASIAN, IGNORABLE, APOSTROPHE} = WordClass
const FULL_STOP = 0x2e
const COMMA = 0x2c
const HASH = 0x23
const PLUS = 0x2b

/**
 * Finds the words of a text in one pass: runs of letters, digits, marks and `_`, an apostrophe between letters, a full
 * stop between digits (`1.2.3`), a comma before a group of three digits (`1,000`), `C#` and `C++`. Chinese, Japanese,
 * Korean, Thai, Lao, Khmer and Burmese writing gives runs of its own. Time is linear in the length of the text.
 */
export function scanWords(text: string, visit: RunVisitor): void {
  let at = 0
  while (at < text.length) {
    const kind = wordClassAt(text, at)
    if (kind === OTHER || kind === MARK || kind >= IGNORABLE) {
      at++
      continue
    }
    const unspaced = kind === EAST_ASIAN || kind === SOUTH_EAST_ASIAN
    const end = unspaced ? endOfUnspaced(text, at, kind) : endOfWord(text, at)
    visit(at, end, unspaced)
    at = end
  }
}

/** Code units of the character at an offset. */
function widthAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 128 && isIn(code, HIGH_SURROGATES) && (text.codePointAt(at) as number) > 0xffff ? 2 : 1
}

function endOfUnspaced(text: string, start: number, kind: number): number {
  let end = start
  let at = start
  while (at < text.length) {
    const found = wordClassAt(text, at)
    if (found !== kind && found !== MARK && found !== IGNORABLE) break
    at += widthAt(text, at)
    if (found !== IGNORABLE) end = at
  }
  return end
}

function endOfWord(text: string, start: number): number {
  let at = start
  let before: number = OTHER
  for (;;) {
    const kind = wordClassAt(text, at)
    if (kind !== OTHER && kind <= MARK) {
      before = kind === MARK ? before : kind
      at += widthAt(text, at)
      continue
    }
    const next = at < text.length ? resume(text, at, before) : 0
    if (next === 0) return endOfName(text, start, at)
    at = next
  }
}

/** Where a word goes on after a character that may stand inside one; 0 where it ends. */
function resume(text: string, at: number, before: number): number {
  const code = text.charCodeAt(at)
  if (code === FULL_STOP) return before === DIGIT && wordClassAt(text, at + 1) === DIGIT ? at + 1 : 0
  if (code === COMMA) return before === DIGIT && joinsGroups(text, at) ? at + 1 : 0
  const kind = wordClassAt(text, at)
  if (kind === APOSTROPHE) return before === LETTER && wordClassAt(text, at + 1) === LETTER ? at + 1 : 0
  return kind === IGNORABLE ? afterIgnorables(text, at) : 0
}

/** Exactly three ASCII digits after a comma and at most three before it: `1,000`, but not `1024,768`. */
function joinsGroups(text: string, comma: number): boolean {
  if (isDigit(text, comma - 4) || wordClassAt(text, comma + 4) === DIGIT) return false
  return isDigit(text, comma + 1) && isDigit(text, comma + 2) && isDigit(text, comma + 3)
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}

function afterIgnorables(text: string, from: number): number {
  let at = from
  while (at < text.length && wordClassAt(text, at) === IGNORABLE) at += widthAt(text, at)
  const kind = at < text.length ? wordClassAt(text, at) : OTHER
  return kind !== OTHER && kind <= MARK ? at : 0
}

/** Takes the `#` of `C#` and the `++` of `C++` to a name of one letter. */
function endOfName(text: string, start: number, end: number): number {
  if (end - start !== 1) return end
  const code = text.charCodeAt(end)
  const width = code === HASH ? 1 : code === PLUS && text.charCodeAt(end + 1) === PLUS ? 2 : 0
  if (width === 0) return end
  const kind = end + width < text.length ? wordClassAt(text, end + width) : OTHER
  return kind === OTHER ? end + width : end
}
