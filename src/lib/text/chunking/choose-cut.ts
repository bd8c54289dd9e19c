import {KIND, RANK, type PieceList} from './piece-list.js'

/** The chunk to find the end of: it begins with piece `first` and has room for `budget` tokens (`size` less its overlap). */
export interface Start {
  readonly first: number
  readonly budget: number
  readonly size: number
}

/** Cuts that are acceptable in one round of the search. */
interface Round {
  /** Fewest tokens in the chunk, and left over in its section behind it. */
  readonly least: number
  readonly rest: number
  readonly rank: number
}

/**
 * The piece before which the chunk ends, at least `first + 1`.
 * - A heading ends a chunk that has a quarter of the size. A smaller chunk goes on into the next section if that fits whole; if it
 *   does not, only chunks under an eighth, and mere headings, go on.
 * - Else the best boundary in the second half of the room, preferring one that leaves no scrap of the section behind.
 */
export function chooseCut(pieces: PieceList, start: Start): number {
  const {first, budget} = start
  let at = first + 1
  let hasBody = pieces.kinds[first] !== KIND.heading
  while (at < pieces.length && tokensBetween(pieces, first, at + 1) <= budget) {
    if (hasBody && opensSection(pieces, at) && endsBefore(pieces, start, at)) return at
    hasBody ||= pieces.kinds[at] !== KIND.heading
    at++
  }
  if (at === pieces.length || (hasBody && opensSection(pieces, at))) return at
  return bestCut(pieces, start, at)
}

/** Tokens of pieces `[first, last)`. */
export function tokensBetween(pieces: PieceList, first: number, last: number): number {
  return (last < pieces.length ? pieces.before[last]! : pieces.tokens) - pieces.before[first]!
}

function opensSection(pieces: PieceList, piece: number): boolean {
  return pieces.sections[pieces.sectionOf[piece]!]!.first === piece
}

/** Whether the chunk ends where section `at` begins, though there is room for more. */
function endsBefore(pieces: PieceList, {first, budget, size}: Start, at: number): boolean {
  const tokens = tokensBetween(pieces, first, at)
  const own = tokensBetween(pieces, at, sectionEnd(pieces, at))
  const fits = tokens + own <= budget
  if (tokens * 4 >= size) return !(fits && own * 8 < size && isLastOfItsKind(pieces, first, at))
  return !fits && tokens * 8 >= size
}

/** A scrap of a section that ends its chapter would stand alone, so it stays with the chunk it belongs under. */
function isLastOfItsKind(pieces: PieceList, first: number, at: number): boolean {
  const index = pieces.sectionOf[at]!
  const depth = pieces.sections[index]!.depth
  const above = pieces.sections[pieces.sectionOf[first]!]!.depth
  if (depth < above || (depth === above && !opensSection(pieces, first))) return false
  const next = pieces.sections[index + 1]
  return next === undefined || next.depth < depth
}

function sectionEnd(pieces: PieceList, piece: number): number {
  return pieces.sections[pieces.sectionOf[piece]! + 1]?.first ?? pieces.length
}

/** The best cut in `(first, farthest]`. */
function bestCut(pieces: PieceList, {first, budget, size}: Start, farthest: number): number {
  const rounds: readonly Round[] = [
    {least: budget / 2, rest: size / 4, rank: RANK.sentence},
    {least: budget / 2, rest: 0, rank: RANK.sentence},
    {least: size / 8, rest: 0, rank: RANK.sentence},
    {least: budget / 2, rest: 0, rank: RANK.insideWord},
    {least: 0, rest: 0, rank: RANK.glue},
  ]
  for (const round of rounds) {
    const cut = bestInRound(pieces, first, farthest, round)
    if (cut > 0) return cut
  }
  return farthest
}

/** The latest of the best-ranked cuts that a round allows; 0 if it allows none. */
function bestInRound(pieces: PieceList, first: number, farthest: number, round: Round): number {
  const end = sectionEnd(pieces, farthest)
  let best = 0
  for (let at = farthest; at > first; at--) {
    if (tokensBetween(pieces, first, at) < round.least) break
    if (round.rest > 0 && tokensBetween(pieces, at, end) < round.rest) continue
    const rank = pieces.ranks[at]!
    if (rank >= round.rank && (best === 0 || rank > pieces.ranks[best]!)) best = at
  }
  return best
}
