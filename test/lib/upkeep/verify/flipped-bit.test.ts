import {expect} from 'chai'
import fc from 'fast-check'
import {cosine} from '../../../../src/lib/model/vector.js'
import {beforeFlip} from '../../../../src/lib/upkeep/verify/flipped-bit.js'

/** As an index holds it. */
function direction(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map((value) => Math.fround(value * Math.fround(1 / length)))
}

function flip(vector: Float32Array, at: number, bit: number): Float32Array {
  const copy = vector.slice()
  const bits = new Uint32Array(copy.buffer)
  bits[at]! ^= 1 << bit
  return copy
}

const vectors = fc
  .tuple(
    fc.oneof(
      fc.array(fc.double({min: -1, max: 1, noNaN: true}), {minLength: 8, maxLength: 64}),
      fc.array(
        fc.integer({min: -997, max: 997}).map((value) => value / 997),
        {minLength: 8, maxLength: 64},
      ),
    ),
    fc.constantFrom(1, 1e-3, 300),
  )
  .map(([numbers, scale]) => Float32Array.from(numbers, (value) => value * scale))
  .filter((vector) => vector.some((value) => Math.abs(value) > 1e-4))

describe('beforeFlip', () => {
  it('gives back, to the bit, what one flip has changed, when that can be noticed', () => {
    const counts = {noticed: 0, mended: 0}
    fc.assert(
      fc.property(vectors, fc.nat(), fc.nat(31), (vector, index, bit) => {
        const at = index % vector.length
        const damaged = flip(vector, at, bit)
        if (!Number.isFinite(damaged[at]!) || cosine(damaged, vector) > 1 - 1e-5) return
        counts.noticed++
        const mended = beforeFlip(damaged, direction(vector))
        // Of the flips that fit, none is chosen that is another vector.
        if (mended) expect([...mended]).to.deep.equal([...vector])
        if (mended) counts.mended++
      }),
      {numRuns: 2000},
    )
    console.log(`      ${counts.mended} of ${counts.noticed} flips set right`)
    expect(counts.mended).to.be.greaterThan(100)
  })

  it('gives back no vector that differs in more than a bit', () => {
    const vector = Float32Array.from([0.5, -0.25, 0.125, 0.75, 0.3, 0.1, -0.9, 0.2])
    const other = Float32Array.from([0.1, 0.9, -0.3, 0.2, 0.5, -0.7, 0.3, 0.1])
    expect(beforeFlip(other, direction(vector))).to.equal(undefined)
    expect(beforeFlip(flip(flip(vector, 0, 30), 3, 29), direction(vector))).to.equal(undefined)
    const changed = vector.slice()
    changed[2] = 0.77
    expect(beforeFlip(changed, direction(vector))).to.equal(undefined)
    expect(beforeFlip(vector, new Float32Array(0))).to.equal(undefined)
    expect(beforeFlip(vector, new Float32Array(8))).to.equal(undefined)
  })
})
