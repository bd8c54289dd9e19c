import {BUILD_BYTES, buildBytes} from '../model/build-memory.js'

/** Bounds of a segment, in vectors. */
export interface SegmentSizes {
  /** Fewer stay in the tail: scanning them exactly takes less time than opening one more file. */
  readonly min: number
  /** More go into another segment: bounds the memory of a build and the work lost by a crash. */
  readonly max: number
  /** Most that builds under way may hold together. */
  readonly together?: number
}

const SEGMENT_SIZES: SegmentSizes = {min: 2048, max: 65_536}

/** The least size of a segment. */
export const MIN_SEGMENT = SEGMENT_SIZES.min

/** Of segments of vectors of a dimension: none takes more memory to build than all together may. */
export function segmentSizes(dimension: number): Required<SegmentSizes> {
  const {min, max} = SEGMENT_SIZES
  const together = Math.floor(BUILD_BYTES / buildBytes(dimension))
  return {min, max: Math.max(2 * min, Math.min(max, together)), together}
}

/**
 * How many vectors to put into each segment so that all threads end at about the same time and none is left over. When all builds would
 * take too much memory together there are more rounds of smaller ones, yet none of less than half the greatest size: these would only be
 * merged again; then fewer are built at a time.
 */
export function segmentSize(
  vectors: number,
  threads: number,
  {min, max, together = Infinity}: SegmentSizes = SEGMENT_SIZES,
): number {
  const sideBySide = Math.max(1, Math.min(threads, Math.floor(together / (max / 2))))
  const lanes = vectors <= together ? threads : sideBySide
  const most = Math.max(min, Math.min(max, Math.floor(together / lanes)))
  const rounds = Math.max(1, Math.ceil(vectors / (most * lanes)))
  const parts = Math.max(1, Math.min(rounds * lanes, Math.floor(vectors / min)))
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
