import {skipSpace, TokenClass, tokenClassAt} from '../characters/character-class.js'
import {countRange} from './count-tokens.js'
import {KIND, RANK, type PieceList} from './piece-list.js'
import {sentenceEnd} from '../sentences/sentence-end.js'

/** What the next chunk repeats of the one before: it begins at `start`. */
export interface Overlap {
  readonly start: number
  readonly tokens: number
}

/** The cut to find an overlap for: before piece `piece`, not reaching back behind piece `lowest`. */
export interface Cut {
  readonly piece: number
  readonly lowest: number
  readonly limit: number
}

/**
 * At most `limit` tokens from the end of the chunk before: whole pieces, then the last sentences, lines or words of the piece before
 * those. Nothing across a heading, and nothing where a section or record begins.
 */
export function chooseOverlap(text: string, pieces: PieceList, cut: Cut): Overlap {
  const end = pieces.starts[cut.piece]!
  const none = {start: end, tokens: 0}
  if (cut.limit <= 0 || !mayRepeat(pieces, cut.piece)) return none
  const sum = (piece: number): number => pieces.before[cut.piece]! - pieces.before[piece]!
  let piece = cut.piece
  while (piece > cut.lowest && reachable(pieces, piece - 1, cut.piece) && sum(piece - 1) <= cut.limit) piece--
  const whole = piece < cut.piece && pieces.ranks[piece]! >= RANK.word
  const best = whole ? {start: pieces.starts[piece]!, tokens: sum(piece)} : none
  if (best.tokens * 2 >= cut.limit || piece <= cut.lowest || !reachable(pieces, piece - 1, cut.piece))
    return best
  const from = startInside(text, pieces, piece - 1, {end, limit: cut.limit})
  return from === -1 ? best : {start: from, tokens: countRange(text, from, end)}
}

/** Whether the chunk that begins with this piece goes on with what is before it. */
function mayRepeat(pieces: PieceList, piece: number): boolean {
  const kind = pieces.kinds[piece]!
  return kind !== KIND.heading && kind !== KIND.record && pieces.ranks[piece] !== RANK.section
}

function reachable(pieces: PieceList, piece: number, from: number): boolean {
  const kind = pieces.kinds[piece]!
  if (kind === KIND.heading || kind === KIND.record) return false
  return pieces.sectionOf[piece] === pieces.sectionOf[from]
}

/** Where text of at most `limit` tokens up to `end` begins inside a piece, at a sentence, line or word; or -1. */
function startInside(
  text: string,
  pieces: PieceList,
  piece: number,
  {end, limit}: {end: number; limit: number},
): number {
  const start = pieces.starts[piece]!
  const last = pieces.starts[piece + 1]!
  const far = reachBack(text, start, end, limit)
  if (pieces.kinds[piece] === KIND.solid || far >= last) return -1
  if (pieces.kinds[piece] === KIND.lines) return firstLine(text, far, last)
  for (let at = start; at < last;) {
    at = sentenceEnd(text, at, last)
    if (at >= far && at < last) return at
  }
  return firstWord(text, start, far, last)
}

/** The first place from which at most `limit` tokens are left to `end`. Counts backwards, at most as far as `start`. */
function reachBack(text: string, start: number, end: number, limit: number): number {
  let low = end
  let step = limit * 2
  while (low > start && countRange(text, low, end) <= limit) {
    low = Math.max(start, end - step)
    step *= 2
  }
  let high = end
  while (low < high) {
    const middle = (low + high) >> 1
    if (countRange(text, middle, end) <= limit) high = middle
    else low = middle + 1
  }
  return low
}

function firstLine(text: string, from: number, end: number): number {
  const feed = text.indexOf('\n', Math.max(0, from - 1))
  if (feed === -1 || feed + 1 >= end) return -1
  return skipSpace(text, feed + 1, end) < end ? feed + 1 : -1
}

/** The first word that begins in `[from, end)`, or -1. */
function firstWord(text: string, start: number, from: number, end: number): number {
  let at = from
  while (at > start && at < end && tokenClassAt(text, at - 1) !== TokenClass.SPACE) at++
  at = skipSpace(text, at, end)
  return at < end ? at : -1
}
