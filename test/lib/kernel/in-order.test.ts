import {expect} from 'chai'
import fc from 'fast-check'
import {mapInOrder} from '../../../src/lib/kernel/in-order.js'

const tick = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('mapInOrder', () => {
  it('gives all results in the order of the items, with never more than `ahead` under way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({min: 0, max: 3}), {maxLength: 30}),
        fc.integer({min: 1, max: 6}),
        async (delays, ahead) => {
          let underWay = 0
          let most = 0
          const results = mapInOrder(delays.entries(), ahead, async ([i, delay]) => {
            most = Math.max(most, ++underWay)
            await tick(delay)
            underWay--
            return i
          })
          expect(await collect(results)).to.deep.equal(delays.map((_, i) => i))
          expect(most).to.be.at.most(ahead)
        },
      ),
      {numRuns: 25},
    )
  })

  it('throws at the turn of the failed item, after the results before it', async () => {
    const seen: number[] = []
    const work = async (n: number): Promise<number> => {
      await tick(n === 1 ? 5 : 0)
      if (n >= 2) throw new Error(`item ${n}`)
      return n
    }
    const run = async (): Promise<void> => {
      for await (const n of mapInOrder([0, 1, 2, 3], 4, work)) seen.push(n)
    }
    const error = await run().catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(Error).with.property('message', 'item 2')
    expect(seen).to.deep.equal([0, 1])
  })

  it('leaves no unhandled rejection behind when the caller stops early', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const work = async (n: number): Promise<number> => {
      if (n > 0) throw new Error('late')
      return n
    }
    for await (const _ of mapInOrder([0, 1, 2], 3, work)) break
    await tick(10)
    process.off('unhandledRejection', note)
    expect(unhandled).to.deep.equal([])
  })
})
