import {expect} from 'chai'
import {createExactSegment} from '../../../src/lib/adapters/exact/exact-segment.js'
import type {OpenSegment, SegmentLoader} from '../../../src/lib/ports/vector-index.js'
import {fewAtOnce} from '../../../src/lib/kernel/few-at-once.js'

const ROW = {dimension: 1, count: 1, file: 'a'}
const part = (): OpenSegment => createExactSegment({seqs: Uint32Array.of(7), vectors: Float32Array.of(1)}, 1)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('segments of which few are open at once', () => {
  let opened: string[]
  let loader: SegmentLoader
  beforeEach(() => {
    opened = []
    const all: SegmentLoader = {
      open: (path) => {
        opened.push(path)
        return path === 'bad' ? Promise.reject(new Error('damaged')) : Promise.resolve(part())
      },
    }
    loader = fewAtOnce(all, 2)
  })

  it('one more waits until another is closed, in the order of asking', async () => {
    const [a, b] = [await loader.open('a', ROW), await loader.open('b', ROW)]
    const [c, d] = [loader.open('c', ROW), loader.open('d', ROW)]
    await turn()
    expect(opened).to.deep.equal(['a', 'b'])
    a.close()
    a.close()
    await turn()
    expect(opened).to.deep.equal(['a', 'b', 'c'])
    b.close()
    expect((await d).search(Float32Array.of(1), 1).map(({seq}) => seq)).to.deep.equal([7])
    ;(await c).close()
    ;(await d).close()
    await Promise.all([loader.open('e', ROW), loader.open('f', ROW)])
    expect(opened).to.deep.equal(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  it('one that can’t be opened takes no place', async () => {
    for (let i = 0; i < 5; i++)
      expect(
        await loader.open('bad', ROW).then(
          () => '',
          (error: Error) => error.message,
        ),
      ).to.equal('damaged')
    await Promise.all([loader.open('a', ROW), loader.open('b', ROW)])
    expect(opened.slice(5)).to.deep.equal(['a', 'b'])
  })
})
