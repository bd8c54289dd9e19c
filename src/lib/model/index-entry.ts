/**
 * Memory that index builds under way may take together, whatever the number of threads and the width of vectors. Two builds of 384
 * numbers share it; one that needs more for itself runs alone.
 */
export const BUILD_BYTES = 64 * 1024 ** 2

/** What the index file holds of a vector besides its numbers: about 32 links in the lowest layer, their count, the label. */
const STORED_LINKS_BYTES = 148
/** What a build holds of it besides: room for all the links it may come to have, the label, its places in the builder's tables. */
const BUILD_LINKS_BYTES = 264

/** Bytes that a vector takes in an index file, about. */
export const storedBytes = (dimension: number): number => 4 * dimension + STORED_LINKS_BYTES

/** Bytes of memory that a vector takes while its index is built. */
export const buildBytes = (dimension: number): number => 4 * dimension + BUILD_LINKS_BYTES
