/** Bounds of a segment, in vectors. */
export interface SegmentSizes {
  /** Fewer stay in the tail: scanning them exactly takes less time than opening one more file. */
  readonly min: number
  /** More go into another segment: bounds the memory of a build and the work lost by a crash. */
  readonly max: number
}

export const SEGMENT_SIZES: SegmentSizes = {min: 2048, max: 65_536}

/** The least size of a segment. */
export const MIN_SEGMENT = SEGMENT_SIZES.min

/** How many vectors to put into each segment so that all threads end at about the same time and none is left over. */
export function segmentSize(
  vectors: number,
  threads: number,
  {min, max}: SegmentSizes = SEGMENT_SIZES,
): number {
  const rounds = Math.max(1, Math.ceil(vectors / (max * threads)))
  const parts = Math.max(1, Math.min(rounds * threads, Math.floor(vectors / min)))
  return Math.min(max, Math.max(min, Math.ceil(vectors / parts)))
}

/**
 * From how many vectors in the tail on a segment is built. Beside others it waits until each of two threads has one to
 * build: these are half as many files, and none of the work is done twice.
 */
export function checkpointSize(
  segments: number,
  threads: number,
  {min}: SegmentSizes = SEGMENT_SIZES,
): number {
  return segments > 0 && threads > 1 ? 2 * min : min
}
