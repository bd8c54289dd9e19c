import {BUILD_BYTES, buildBytes} from '../model/index-entry.js'

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

/** As many small segments side by side are merged; and as many middle ones. */
export const SMALL_RUN = 8
export const MIDDLE_RUN = 16
/** Middle ones are so many times as large as the least, and large ones hold this much of the greatest size. */
const MIDDLE = 4
const LARGE_SHARE = 0.4

/** From how many vectors on a segment is a large one, which is left alone while most of it lives. */
export const largeSize = ({max}: SegmentSizes): number => LARGE_SHARE * max

/** From how many vectors on a segment is no small one. Of wide vectors even large ones are few. */
export const middleSize = (sizes: SegmentSizes): number => Math.min(MIDDLE * sizes.min, largeSize(sizes))

/** Of segments of vectors of a dimension: none takes more memory to build than all together may. */
export function segmentSizes(dimension: number): Required<SegmentSizes> {
  const {min, max} = SEGMENT_SIZES
  const together = Math.floor(BUILD_BYTES / buildBytes(dimension))
  return {min, max: Math.max(2 * min, Math.min(max, together)), together}
}

/**
 * How many vectors to put into each segment so that all threads end at about the same time and none is left over. When all builds would
 * take too much memory together there are more rounds of smaller ones, or fewer are built at a time; yet they are never so many and so
 * small that they would be merged again at once.
 */
export function segmentSize(vectors: number, threads: number, sizes: SegmentSizes = SEGMENT_SIZES): number {
  const {min, max, together = Infinity} = sizes
  const sideBySide = Math.max(1, Math.min(threads, Math.floor(together / (max / 2))))
  const lanes = vectors <= together ? threads : sideBySide
  const most = Math.max(min, Math.min(max, Math.floor(together / lanes)))
  const rounds = Math.max(1, Math.ceil(vectors / (most * lanes)))
  const parts = Math.min(
    rounds * lanes,
    Math.floor(vectors / min),
    Math.max(SMALL_RUN - 1, Math.floor(vectors / middleSize(sizes))),
    Math.max(MIDDLE_RUN - 1, Math.floor(vectors / largeSize(sizes))),
  )
  return Math.min(max, Math.max(min, Math.ceil(vectors / Math.max(1, parts))))
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

/** How many segments a run of so many vectors is cut into. What is left over and less than the least size stays in the tail. */
export function segmentCount(vectors: number, size: number, {min}: Pick<SegmentSizes, 'min'>): number {
  return Math.floor(vectors / size) + (vectors % size >= min ? 1 : 0)
}

/** Vectors a segment when a run is cut into about so many parts, none below the least size. */
export function partSize(vectors: number, parts: number, {min}: Pick<SegmentSizes, 'min'>): number {
  return Math.ceil(vectors / Math.max(1, Math.min(parts, Math.floor(vectors / min))))
}
