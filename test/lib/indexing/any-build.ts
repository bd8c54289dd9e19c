import fc from 'fast-check'

/** So many vectors, threads and numbers a vector as an index may be built of. */
export const anyBuild = [
  fc.integer({min: 1, max: 5_000_000}),
  fc.integer({min: 1, max: 64}),
  fc.integer({min: 1, max: 4096}),
] as const
