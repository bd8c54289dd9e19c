import type {Segment} from '../model/segment.js'
import type {SeqRange} from '../model/seq-ranges.js'
import {
  largeSize,
  MIDDLE_RUN,
  middleSize,
  partSize,
  segmentCount,
  segmentSize,
  SMALL_RUN,
  type SegmentSizes,
} from './segment-size.js'

/** A stretch of seqs: a segment, or vectors between two segments that none covers. Pieces come ascending and adjacent. */
export interface Piece extends SeqRange {
  /** Absent for a stretch of the tail. */
  readonly segment?: Pick<Segment, 'id' | 'count'> | undefined
  /** Behind all segments, and enough for segments of its own: built of it here or, in no merge, by itself. */
  readonly isOpen?: boolean | undefined
  /** Dense vectors of live chunks in it. */
  readonly live: number
}

/** Adjacent pieces whose live vectors are to be written anew, in the place of all their segments. */
export interface Merge extends SeqRange {
  readonly drop: readonly number[]
  readonly live: number
  /** Parts to cut what lives into; 0 when that is too little for a segment. */
  readonly parts: number
  /** Segments that this makes of `live` vectors: a last part below the least size goes back to the tail. */
  readonly made: number
}

/** What a compaction may spend, and how large the segments are that it makes. */
export interface MergePolicy {
  readonly sizes: SegmentSizes
  readonly threads: number
  /** Most vectors to write; what can't wait is written all the same. */
  readonly budget: number
  /** Merge whatever makes fewer files or less waste, whatever it costs. */
  readonly everything?: boolean | undefined
}

/** A segment of which less than this is alive is written anew when there is time for it. */
const LIVE_SHARE = 0.7
/** Segments may hold so many times the live vectors; beyond it they are written anew at once. */
const MOST_WASTE = 1.4
/** With `everything`, a segment is written anew for this much waste. */
const FULL_SHARE = 0.9
/** With `everything`, so many of the greatest segments are made in one merge at most. */
const MOST_AT_ONCE = 4
/** More middle ones side by side are merged at once, whatever the budget. */
const LONGEST_RUN = 24

/**
 * Which pieces to merge. A vector is written when it leaves the tail, once more among the small, once more among the middle
 * ones, and then lies in a large segment, which is left alone while most of it lives; what completes a run of small ones leaves
 * the tail for their merge at once. So the cost of N vectors grows as N, and between two large segments stand a handful of
 * others. Only neighbours are merged, so ranges never overlap. Pure; the result is ascending and its merges are apart.
 */
export function planCompaction(pieces: readonly Piece[], policy: MergePolicy): readonly Merge[] {
  if (policy.everything) return packed(pieces, policy)
  const selection = new MergeSelection(pieces, policy)
  selection.takeWaste()
  selection.takeGaps()
  selection.takeRuns(0, middleSize(policy.sizes), {from: SMALL_RUN, atOnce: SMALL_RUN})
  selection.takeRuns(0, largeSize(policy.sizes), {from: MIDDLE_RUN, atOnce: LONGEST_RUN})
  return selection.merges()
}

/** Packs neighbours into segments of the greatest size; leaves those alone of which nothing would become less. */
function packed(pieces: readonly Piece[], policy: MergePolicy): readonly Merge[] {
  const {max} = policy.sizes
  const merges: Merge[] = []
  let group: Piece[] = []
  const close = (): void => {
    const merge = group.length > 0 ? merged(group, policy) : undefined
    if (merge && isWorthwhile(group, merge, policy)) merges.push(merge)
    group = []
  }
  for (const piece of pieces) {
    const isFull = piece.segment !== undefined && piece.live > 0.75 * max && share(piece) >= FULL_SHARE
    // So much is lost at most when it is cut off.
    if (isFull || total(group) + piece.live > MOST_AT_ONCE * max) close()
    if (!isFull) group.push(piece)
  }
  close()
  return merges
}

function isWorthwhile(group: readonly Piece[], {drop, parts, live}: Merge, {sizes}: MergePolicy): boolean {
  if (drop.length === 0) return false
  const held = group.reduce((sum, {segment}) => sum + (segment?.count ?? 0), 0)
  const inTail = total(group.filter(({segment}) => !segment))
  return parts < drop.length || live - inTail < FULL_SHARE * held || inTail >= sizes.min
}

const total = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + piece.live, 0)

const share = ({segment, live}: Piece): number =>
  segment === undefined || segment.count === 0 ? 1 : live / segment.count

function merged(pieces: readonly Piece[], policy: MergePolicy): Merge {
  const live = total(pieces)
  const {sizes} = policy
  const parts = live < sizes.min ? 0 : Math.max(1, sideBySide(live, policy), Math.ceil(live / sizes.max))
  return {
    from: pieces[0]!.from,
    to: pieces.at(-1)!.to,
    drop: pieces.flatMap(({segment}) => (segment ? [segment.id] : [])),
    live,
    parts,
    made: parts === 0 ? 0 : segmentCount(live, partSize(live, parts, sizes), sizes),
  }
}

/** Two builds side by side take half the time; but they must not leave small ones again. */
function sideBySide(live: number, {sizes, threads, everything}: MergePolicy): number {
  if (everything) return 1
  return Math.min(Math.ceil(live / segmentSize(live, threads, sizes)), Math.floor(live / middleSize(sizes)))
}

/** How many segments of so many there are once the merges have run. Pure. */
export function segmentsAfter(segments: number, merges: readonly Merge[]): number {
  return merges.reduce((sum, {made, drop}) => sum + made - drop.length, segments)
}

/** Groups of neighbours, by the index of their first and last piece. */
interface Group {
  first: number
  last: number
}

class MergeSelection {
  readonly #pieces: readonly Piece[]
  readonly #policy: MergePolicy
  #groups: Group[] = []
  #budget: number

  constructor(pieces: readonly Piece[], policy: MergePolicy) {
    this.#pieces = pieces
    this.#policy = policy
    this.#budget = policy.budget
  }

  merges(): readonly Merge[] {
    return this.#groups
      .sort((a, b) => a.first - b.first)
      .map(({first, last}) => merged(this.#pieces.slice(first, last + 1), this.#policy))
  }

  /** The most wasteful first, until little enough is wasted; those that can wait only within the budget. */
  takeWaste(): void {
    const held = this.#pieces.flatMap((piece, at) =>
      piece.segment ? [{piece, at, count: piece.segment.count}] : [],
    )
    let count = held.reduce((sum, it) => sum + it.count, 0)
    const live = total(held.map((it) => it.piece))
    for (const {piece, at, count: own} of held.sort((a, b) => share(a.piece) - share(b.piece))) {
      const mustGo = count > MOST_WASTE * live
      if (!mustGo && share(piece) >= LIVE_SHARE) break
      if (this.#take({first: at, last: at}, mustGo)) count -= own - piece.live
    }
  }

  /** Stretches between segments must not add up to a long tail: each goes to its smaller neighbour. */
  takeGaps(): void {
    const gaps = this.#pieces.flatMap((piece, at) => (piece.segment || piece.isOpen ? [] : [at]))
    if (total(gaps.map((at) => this.#pieces[at]!)) < 2 * this.#policy.sizes.min) return
    for (const at of gaps) {
      const left = this.#pieces[at - 1]?.live ?? Infinity
      const right = this.#pieces[at + 1]?.live ?? Infinity
      const group = left <= right ? {first: at - 1, last: at} : {first: at, last: at + 1}
      if (Math.min(left, right) < Infinity) this.#take(group, true)
    }
  }

  /** Runs of neighbours that each have `least` to `below` live vectors. The open end counts as the small segments that it would be. */
  takeRuns(least: number, below: number, run: {readonly from: number; readonly atOnce: number}): void {
    let first = 0
    for (let at = 0; at <= this.#pieces.length; at++) {
      const piece = this.#pieces[at]
      if (piece && piece.live >= least && piece.live < below) continue
      const length = this.#files(first, at)
      if (length >= run.from)
        this.#take({first, last: at - 1}, length >= run.atOnce && run.from !== run.atOnce)
      first = at + 1
    }
  }

  #files(first: number, end: number): number {
    const last = this.#pieces[end - 1]
    if (first >= end || !last?.isOpen) return end - first
    return end - first - 1 + Math.floor(last.live / this.#policy.sizes.min)
  }

  /** Joined with groups it touches. False when it costs more than is left. */
  #take(group: Group, mustGo: boolean): boolean {
    const touching = this.#groups.filter((it) => it.first <= group.last && it.last >= group.first)
    const first = Math.min(group.first, ...touching.map((it) => it.first))
    const last = Math.max(group.last, ...touching.map((it) => it.last))
    const cost = (it: Group): number => total(this.#pieces.slice(it.first, it.last + 1))
    const more = cost({first, last}) - touching.reduce((sum, it) => sum + cost(it), 0)
    if (!mustGo && more > this.#budget) return false
    this.#budget -= more
    this.#groups = [...this.#groups.filter((it) => !touching.includes(it)), {first, last}]
    return true
  }
}
