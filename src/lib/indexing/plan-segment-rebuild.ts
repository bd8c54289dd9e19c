import type {Segment} from '../model/segment.js'
import type {SeqRange} from '../model/seq-ranges.js'
import {segmentCount, segmentSize, type SegmentSizes} from './segment-size.js'

/** A staged segment of which less than this lives by now is not worth switching to. */
const LIVE_SHARE = 0.7

/** A segment that a cut-off rebuild has finished. */
export interface StagedSegment extends Pick<Segment, 'id' | 'firstSeq' | 'lastSeq' | 'count'> {
  /** Dense vectors of live chunks in its range. */
  readonly live: number
  /** Whether its bytes are those that were written; not looked at when it isn't worth resuming. */
  readonly isWhole: boolean
}

/** A range of seqs with the dense vectors of live chunks in it. */
export interface Stretch extends SeqRange {
  readonly count: number
}

export interface SegmentRebuildFacts {
  readonly sizes: SegmentSizes
  readonly threads: number
  /** Ascending. */
  readonly staged: readonly StagedSegment[]
  /** What no staged segment covers, ascending. */
  readonly gaps: readonly Stretch[]
}

/** How all segments of a version are to be built anew. */
export interface SegmentRebuildPlan {
  /** Staged segments that are taken over, with the vectors they hold. */
  readonly resumed: {readonly segments: number; readonly vectors: number}
  /** Ids of staged segments that are of no use. */
  readonly drop: readonly number[]
  /** Stretches to build segments of; what is too little for one stays in the tail. */
  readonly builds: readonly Stretch[]
  /** Vectors a segment. */
  readonly size: number
  /** Dense vectors of live chunks in the version. */
  readonly vectors: number
  /** How many segments there are afterwards. */
  readonly segments: number
}

/** Whether a staged segment still has all vectors of its range, and not too many that are dead. */
export const isWorthResuming = ({live, count}: Pick<StagedSegment, 'live' | 'count'>): boolean =>
  live <= count && live >= LIVE_SHARE * count

/** Takes over what an earlier run has finished and cuts the rest by the same size as that run did. Pure. */
export function planSegmentRebuild({sizes, threads, staged, gaps}: SegmentRebuildFacts): SegmentRebuildPlan {
  const isSound = (it: StagedSegment): boolean => it.isWhole && isWorthResuming(it)
  const sound = staged.filter(isSound)
  const vectors = sum(gaps.map(({count}) => count)) + sum(staged.map(({live}) => live))
  const size = segmentSize(vectors, threads, sizes)
  const builds = uncoveredStretches(staged, gaps, isSound).filter(({count}) => count >= sizes.min)
  return {
    resumed: {segments: sound.length, vectors: sum(sound.map(({count}) => count))},
    drop: staged.flatMap((it) => (isSound(it) ? [] : [it.id])),
    builds,
    size,
    vectors,
    segments: sound.length + sum(builds.map(({count}) => segmentCount(count, size, sizes))),
  }
}

/** Gaps and unsound staged segments, joined where they are adjacent. */
function uncoveredStretches(
  staged: readonly StagedSegment[],
  gaps: readonly Stretch[],
  isSound: (it: StagedSegment) => boolean,
): readonly Stretch[] {
  const unsound = staged.filter((it) => !isSound(it))
  const pieces = [
    ...gaps,
    ...unsound.map(({firstSeq, lastSeq, live}) => ({from: firstSeq, to: lastSeq, count: live})),
  ].sort((a, b) => a.from - b.from)
  const stretches: Stretch[] = []
  for (const piece of pieces) {
    const before = stretches.at(-1)
    if (before?.to !== piece.from - 1) stretches.push(piece)
    else stretches.splice(-1, 1, {from: before.from, to: piece.to, count: before.count + piece.count})
  }
  return stretches
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
