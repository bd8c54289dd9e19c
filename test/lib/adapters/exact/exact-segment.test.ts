import {expect} from 'chai'
import {createExactSegment} from '../../../../src/lib/adapters/exact/exact-segment.js'
import {RagError} from '../../../../src/lib/model/errors.js'
import {segmentContract} from '../../../contract/segment.contract.js'

segmentContract('exact', async (block, dimension) => createExactSegment(block, dimension), 1)

describe('createExactSegment', () => {
  it('never finds a vector without a direction', () => {
    const vectors = Float32Array.of(0, 0, 1, 0, Number.NaN, 1)
    const segment = createExactSegment({seqs: Uint32Array.of(1, 2, 3), vectors}, 2)
    expect(segment.search(Float32Array.of(-1, 0), 3)).to.deep.equal([{seq: 2, score: -1}])
  })

  it('refuses a block whose numbers do not fit its seqs', () => {
    const make = (): unknown =>
      createExactSegment({seqs: Uint32Array.of(1, 2), vectors: new Float32Array(3)}, 2)
    expect(make).to.throw(RagError, '3 numbers instead of 2 × 2')
  })
})
