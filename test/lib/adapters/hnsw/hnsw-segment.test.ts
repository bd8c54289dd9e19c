import {createSegmentLoader} from '../../../../src/lib/adapters/hnsw/segment-loader.js'
import {segmentContract} from '../../../contract/segment.contract.js'
import {SegmentBench} from './segment-files.js'

describe('segments of hnswlib', () => {
  const bench = new SegmentBench()
  before(() => bench.open())
  after(() => bench.close())

  segmentContract(
    'hnsw',
    async (block, dimension) => {
      const count = block.seqs.length
      const path = await bench.build([block], dimension)
      return createSegmentLoader().open(path, {dimension, count, file: path})
    },
    0.98,
  )
})
