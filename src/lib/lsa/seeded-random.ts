/**
 * A source of standard normal numbers that depends on nothing but the seed: the same on every machine and in every run.
 * Uniform numbers by a 32-bit counter mixed with multiply–xorshift rounds; normal ones by Marsaglia's polar method.
 */
export function seededNormal(seed: number): () => number {
  let counter = seed >>> 0
  let spare: number | undefined

  const uniform = (): number => {
    counter = (counter + 0x9e37_79b9) >>> 0
    let bits = counter
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0_aaad)
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a_2d97)
    return ((bits ^ (bits >>> 15)) >>> 0) / 0x1_0000_0000
  }

  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const square = x * x + y * y
      if (square === 0 || square >= 1) continue
      const scale = Math.sqrt((-2 * Math.log(square)) / square)
      spare = y * scale
      return x * scale
    }
  }
}
