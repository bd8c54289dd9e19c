import {expect} from 'chai'
import fc from 'fast-check'
import {batchesByLength} from '../../../../src/lib/adapters/transformers/batches-by-length.js'
import {poolTokens} from '../../../../src/lib/adapters/transformers/pool-tokens.js'

describe('poolTokens', () => {
  // Two rows of three tokens of two numbers; the second has one token, and padding.
  const tokens = Float32Array.of(1, 2, 3, 4, 5, 9, 3, 4, 70, 70, 70, 70)
  const options = {dimension: 2, lengths: [3, 1], width: 3, normalize: false}

  it('gives the mean of the tokens that count, or the first', () => {
    expect([...poolTokens(tokens, {...options, pooling: 'mean'})]).to.deep.equal([3, 5, 3, 4])
    expect([...poolTokens(tokens, {...options, pooling: 'cls'})]).to.deep.equal([1, 2, 3, 4])
  })

  it('makes them of length 1, and leaves zeros alone', () => {
    const [, , x, y] = poolTokens(tokens, {...options, pooling: 'mean', normalize: true})
    expect(x).to.be.closeTo(0.6, 1e-6)
    expect(y).to.be.closeTo(0.8, 1e-6)
    const zeros = new Float32Array(12)
    expect([...poolTokens(zeros, {...options, pooling: 'mean', normalize: true})]).to.deep.equal([0, 0, 0, 0])
  })
})

describe('batchesByLength', () => {
  it('holds each text once, within the budget, and none that is much shorter than the longest beside it', () => {
    const lengths = fc.array(fc.integer({min: 1, max: 600}), {maxLength: 80})
    fc.assert(
      fc.property(lengths, fc.integer({min: 1, max: 2000}), (texts, budget) => {
        const batches = batchesByLength(texts, budget)
        expect(batches.flat().sort((a, b) => a - b)).to.deep.equal([...texts.keys()])
        for (const batch of batches) {
          const longest = Math.max(...batch.map((i) => texts[i]!))
          expect(batch.length === 1 || batch.length * longest <= budget).to.equal(true)
        }
        const inOrder = batches.flat().map((i) => texts[i]!)
        expect(inOrder).to.deep.equal(inOrder.toSorted((a, b) => a - b))
      }),
    )
  })
})
