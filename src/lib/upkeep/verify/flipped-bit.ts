/** Share of a number by which single precision may have moved it on the way into an index. */
const NEAR = 1e-4

/**
 * The vector as it was before one of its bits was flipped, found by a whole copy of its direction: an index holds vectors at length 1. A
 * flip that is large enough to be noticed has one way back: among the 32 numbers that differ in a bit, one fits. Undefined when not
 * exactly one number differs, or none of these fits: then nothing says which of the two is the damaged one.
 */
export function beforeFlip(damaged: Float32Array, direction: Float32Array): Float32Array | undefined {
  const length = lengthBy(damaged, direction)
  if (length === undefined || direction.length !== damaged.length) return undefined
  // Numbers that are next to nothing say nothing of their share.
  const slack = NEAR * length * Math.max(...direction.map(Math.abs))
  const differing = [...damaged.keys()].filter((i) => Math.abs(damaged[i]! - direction[i]! * length) > slack)
  const [at] = differing
  if (at === undefined || differing.length > 1) return undefined
  const wanted = direction[at]! * length
  const [best] = oneBitFrom(damaged[at]!).sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))
  if (best === undefined || Math.abs(best - wanted) > slack) return undefined
  const mended = damaged.slice()
  mended[at] = best
  return mended
}

/** How long the vector was, by most of its numbers: the median of what each says, which one wrong number of three doesn't move. */
function lengthBy(vector: Float32Array, direction: Float32Array): number | undefined {
  const least = NEAR * Math.max(...direction.map(Math.abs))
  const lengths = [...vector]
    .map((value, i) => (Math.abs(direction[i] ?? 0) > least ? value / direction[i]! : Number.NaN))
    .filter((length) => Number.isFinite(length))
    .sort((a, b) => a - b)
  const median = lengths[lengths.length >> 1] ?? 0
  return lengths.length >= 3 && median > 0 ? median : undefined
}

function oneBitFrom(value: number): number[] {
  const bits = new Uint32Array(1)
  const numbers = new Float32Array(bits.buffer)
  return Array.from({length: 32}, (_, bit) => {
    numbers[0] = value
    bits[0]! ^= 1 << bit
    return numbers[0]
  }).filter((candidate) => Number.isFinite(candidate))
}
