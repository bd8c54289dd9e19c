/** Fewer vectors than this stay in the tail: scanning them exactly takes less time than opening one more file. */
export const MIN_SEGMENT = 2048

/** More vectors than this go into another segment: bounds the memory of a build and the work lost by a crash. */
const MAX_SEGMENT = 65_536

/** How many vectors to put into each segment so that all threads end at about the same time. */
export function segmentSize(vectors: number, threads: number): number {
  const rounds = Math.ceil(vectors / (MAX_SEGMENT * threads))
  return Math.min(MAX_SEGMENT, Math.max(MIN_SEGMENT, Math.ceil(vectors / (Math.max(1, rounds) * threads))))
}
