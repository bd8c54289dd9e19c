import {CHARACTERS, skipSpace, TOKEN_CLASS, TokenClass, tokenClassAt} from '../characters/character-class.js'
import {splitsPair} from '../characters/code-points.js'
import {graphemeBreak, isBreak} from '../characters/grapheme-break.js'
import {countRange} from './count-tokens.js'
import {KIND, RANK, type PieceList} from './piece-list.js'

const {SPACE, LATIN, DIGIT, LETTER, WIDE, LOW_SURROGATE} = TokenClass

const CLAUSE_MARKS = new Set(',;:，、；：،؛·—–')
/** White space looked through for the mark before it. */
const MAX_BACK = 8

/** A stretch of text to add to the pieces, with the rank of the boundary before it. */
export interface Stretch {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly rank: number
  /** Largest chunk, in tokens. */
  readonly size: number
}

/**
 * Cuts a stretch without a better place to cut into pieces of about an eighth of `size`: at line ends and commas, else at white
 * space, else between characters written without spaces, else (a word longer than `size`) between graphemes. Time grows with its length.
 */
export function splitWords(pieces: PieceList, stretch: Stretch): void {
  const {text, end, size} = stretch
  const target = Math.max(1, size >> 3)
  let from = stretch.start
  let rank = stretch.rank
  let sum = 0
  const flush = (at: number): void => {
    if (sum > 0) pieces.add({start: from, tokens: sum, rank, kind: KIND.prose})
    if (sum > 0 || from < at) rank = boundaryRank(text, at)
    from = at
    sum = 0
  }
  let at = skipSpace(text, stretch.start, end)
  while (at < end) {
    const next = unitEnd(text, at, end)
    const tokens = countRange(text, at, next)
    if (sum > 0 && (sum + tokens > target || (sum * 2 >= target && boundaryRank(text, at) >= RANK.clause)))
      flush(at)
    if (tokens > size) {
      splitRun(pieces, {text, start: at, end: next, rank: sum === 0 ? rank : boundaryRank(text, at), size})
      from = next
      rank = boundaryRank(text, next)
    } else {
      sum += tokens
    }
    at = next
  }
  flush(end)
}

/** Cuts a run without white space, longer than a chunk, into pieces of at most an eighth of `size` (8 tokens at least). */
function splitRun(pieces: PieceList, {text, start, end, rank, size}: Stretch): void {
  const target = Math.max(8, size >> 3)
  let at = start
  while (at < end) {
    const far = advance(text, at, end, target)
    const next = far < end ? graphemeBreak(text, at, far) : end
    pieces.add({
      start: at,
      tokens: countRange(text, at, next),
      rank: at === start ? rank : RANK.insideWord,
      kind: KIND.prose,
    })
    at = next
  }
}

/** The farthest place such that `[from, place)` has at most `limit` tokens; at least one character on. */
function advance(text: string, from: number, end: number, limit: number): number {
  let left = limit
  let run = 0
  let before: number = SPACE
  for (let at = from; at < end; at++) {
    const kind = tokenClassAt(text, at)
    run = kind === before ? run + 1 : 0
    before = kind
    if (kind !== LOW_SURROGATE || !splitsPair(text, at, from)) left -= costOf(kind, run)
    if (left < 0 && at > from) return at
  }
  return end
}

/** What the character at place `run` (from 0) of a run of its class adds to the tokens. */
function costOf(kind: number, run: number): number {
  if (kind === LATIN) return run % 6 === 0 ? 1 : 0
  if (kind === DIGIT) return run % 3 === 0 ? 1 : 0
  if (kind === LETTER) return run % 4 === 0 ? 1 : 0
  return kind === SPACE ? 0 : 1
}

/** End of the smallest thing not to be cut that begins at `at`, with the white space after it: a word, or one character of a script without spaces. */
function unitEnd(text: string, from: number, end: number): number {
  let at = from
  while (at < end) {
    const kind = CHARACTERS[text.charCodeAt(at++)]! & TOKEN_CLASS
    if (kind === SPACE) return skipSpace(text, at, end)
    if (kind !== WIDE && (at >= end || tokenClassAt(text, at) !== WIDE)) continue
    if (at < end && opensUnit(text, at)) return at
  }
  return end
}

/** Whether the character at `at` may begin a line of a text written without spaces: no closing mark, nothing that joins what is before. */
function opensUnit(text: string, at: number): boolean {
  const kind = tokenClassAt(text, at)
  if (kind !== WIDE && kind !== LATIN && kind !== DIGIT && kind !== LETTER) return false
  return isBreak(text, at)
}

/** Rank of a cut before `at`, from the character before it. */
function boundaryRank(text: string, at: number): number {
  let before = at - 1
  let feeds = false
  while (before >= 0 && at - before <= MAX_BACK && tokenClassAt(text, before) === SPACE) {
    if (text.charCodeAt(before) === 0x0a) feeds = true
    before--
  }
  if (feeds) return RANK.leadIn
  if (before >= 0 && CLAUSE_MARKS.has(text.charAt(before))) return RANK.clause
  return before === at - 1 ? RANK.insideWord : RANK.word
}
