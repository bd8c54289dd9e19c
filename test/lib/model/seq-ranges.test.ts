import {expect} from 'chai'
import fc from 'fast-check'
import {uncovered} from '../../../src/lib/model/seq-ranges.js'
import {MAX_SEQ} from '../../../src/lib/model/vector.js'

describe('uncovered', () => {
  it('with the segments covers every seq exactly once', () => {
    const gapsAndLengths = fc.array(fc.tuple(fc.integer({min: 0, max: 5}), fc.integer({min: 1, max: 5})), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(gapsAndLengths, (parts) => {
        let next = 1
        const segments = parts.map(([gap, length]) => {
          const firstSeq = next + gap
          next = firstSeq + length
          return {firstSeq, lastSeq: next - 1}
        })
        const ranges = uncovered(segments)
        const all = [
          ...ranges.map(({from, to}) => [from, to]),
          ...segments.map((it) => [it.firstSeq, it.lastSeq]),
        ]
          .map(([from, to]) => [from!, to!] as const)
          .sort((a, b) => a[0] - b[0])
        expect(all[0]![0]).to.equal(1)
        expect(all.at(-1)![1]).to.equal(MAX_SEQ)
        for (const [i, [from, to]] of all.entries()) {
          expect(from).to.be.at.most(to)
          if (i > 0) expect(from).to.equal(all[i - 1]![1] + 1)
        }
      }),
    )
  })

  it('is nothing when a segment reaches the last seq', () => {
    expect(uncovered([{firstSeq: 1, lastSeq: MAX_SEQ}])).to.deep.equal([])
  })
})
