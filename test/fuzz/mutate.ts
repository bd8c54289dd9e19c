/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
}

const MAX_BYTES = 64 * 1024
/** Numbers at which lengths and counts go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]

type Random = () => number
const below = (random: Random, most: number): number => Math.floor(random() * most)

/** Another input, made of one or two that were of interest. */
export function mutated(random: Random, one: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes: Buffer = Buffer.from(one)
  for (let i = 1 + below(random, 4); i > 0; i--) bytes = step(random, bytes, other)
  return bytes.subarray(0, MAX_BYTES)
}

function step(random: Random, bytes: Buffer, other: Uint8Array): Buffer {
  const at = below(random, bytes.length + 1)
  const length = 1 + below(random, Math.min(64, bytes.length + 1))
  const cut = (middle: Uint8Array, skip: number): Buffer =>
    Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(Math.min(bytes.length, at + skip))])
  switch (below(random, 8)) {
    case 0: {
      const flipped = Buffer.from(bytes)
      if (at < flipped.length) flipped[at]! ^= 1 << below(random, 8)
      return flipped
    }
    case 1:
      return cut(Uint8Array.of(below(random, 256)), 1)
    case 2:
      return cut(new Uint8Array(0), length)
    case 3:
      return cut(bytes.subarray(at, at + length), 0)
    case 4: {
      const from = below(random, other.length + 1)
      return cut(other.subarray(from, from + length), below(random, 2) * length)
    }
    case 5:
      return cut(edge(random), below(random, 2) * 4)
    case 6:
      return Buffer.from(bytes.subarray(0, at))
    default:
      return cut(new Uint8Array(length).fill(below(random, 256)), 0)
  }
}

function edge(random: Random): Uint8Array {
  const value = EDGES[below(random, EDGES.length)]!
  const bytes = Buffer.alloc(4)
  if (random() < 0.5) bytes.writeUInt32BE(value)
  else bytes.writeUInt32LE(value)
  return bytes.subarray(value < 0x100 ? 3 : value < 0x10000 ? 2 : 0)
}
