import type {Segment} from './segment.js'
import {MAX_SEQ} from './vector.js'

/** A run of seqs, both ends included. */
export interface SeqRange {
  readonly from: number
  readonly to: number
}

/** What no segment covers, ascending; the last range is open towards new vectors. Segments come ascending, apart from each other. */
export function uncovered(segments: readonly Pick<Segment, 'firstSeq' | 'lastSeq'>[]): readonly SeqRange[] {
  const ranges: SeqRange[] = []
  let from = 1
  for (const {firstSeq, lastSeq} of segments) {
    if (firstSeq > from) ranges.push({from, to: firstSeq - 1})
    from = lastSeq + 1
  }
  if (from <= MAX_SEQ) ranges.push({from, to: MAX_SEQ})
  return ranges
}
