/**
 * Memory that index builds under way may take together, whatever the number of threads and the width of vectors. Two builds of 384
 * numbers share it; one that needs more for itself runs alone.
 */
export const BUILD_BYTES = 64 * 1024 ** 2

/** Besides its numbers: links of the graph, label, and its places in the builder's tables. */
const LINKS_BYTES = 264

/** What a vector takes in a build. */
export function buildBytes(dimension: number): number {
  return 4 * dimension + LINKS_BYTES
}
