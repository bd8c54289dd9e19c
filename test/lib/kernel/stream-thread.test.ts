import {expect} from 'chai'
import {StreamThread} from '../../../src/lib/kernel/threads/stream-thread.js'
import type {RagError} from '../../../src/lib/index.js'
import type {Wish} from '../../support/stream-worker.js'
import {sourceWorkerUrl} from '../../support/worker-url.js'

const MIB = 1024 ** 2

describe('StreamThread', function () {
  this.timeout(60_000)
  let thread: StreamThread<Wish, number>
  beforeEach(() => {
    thread = new StreamThread({
      url: sourceWorkerUrl('../../../test/support/stream-worker.ts'),
      what: 'The thread that counts',
      limits: {maxOldGenerationSizeMb: 40},
    })
  })
  afterEach(() => thread.close())

  const all = async (wish: Wish, signal?: AbortSignal): Promise<{got: number[]; error?: RagError}> => {
    const got: number[] = []
    try {
      for await (const part of thread.run(wish, signal)) got.push(part)
      return {got}
    } catch (error) {
      return {got, error: error as RagError}
    }
  }

  it('gives the parts in order, those before a failure too, and answers the next request', async () => {
    expect(await all({parts: 100, bytes: MIB})).to.deep.equal({
      got: Array.from({length: 100}, (_, i) => i + 1),
    })
    const failed = await all({parts: 2, bytes: 1, then: 'fail'})
    expect(failed.got).to.deep.equal([1, 2])
    expect(failed.error).to.include({
      code: 'INPUT_UNREADABLE',
      message: 'It went away.',
      hint: 'Look for it.',
    })
    const broken = await all({parts: 1, bytes: 1, then: 'break'})
    expect([broken.got, broken.error?.code, broken.error?.message]).to.deep.equal([
      [1],
      'INTERNAL',
      'no such thing',
    ])
    expect((await all({parts: 3, bytes: 1})).got).to.deep.equal([1, 2, 3])
  })

  it('works ahead of its reader by no more than it may', async () => {
    const run = thread.run({parts: 1000, bytes: MIB / 2})
    await run.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    // What was sent waits in this thread; nothing of it was taken up.
    let ready = 0
    const start = performance.now()
    for (; ready < 3; ready++) await run.next()
    expect(performance.now() - start).to.be.lessThan(5000)
    await run.return(undefined)
    expect((await all({parts: 2, bytes: 1})).got).to.deep.equal([1, 2])
  })

  it('stops when it is told to, or nobody reads on', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const got: number[] = []
    for await (const part of thread.run({parts: 1e9, bytes: MIB}, stop.signal)) got.push(part)
    expect(got.length).to.be.within(1, 1e9 - 1)
    for await (const part of thread.run({parts: 1e9, bytes: MIB})) if (part === 3) break
    expect((await all({parts: 2, bytes: 1})).got).to.deep.equal([1, 2])
  })

  it('stops at once for who was stopped before', async () => {
    const {got} = await all({parts: 1e9, bytes: MIB}, AbortSignal.abort())
    expect(got.length).to.be.lessThan(1e6)
    expect((await all({parts: 2, bytes: 1})).got).to.deep.equal([1, 2])
  })

  it('that ends is an error which says why, then and later; what came before is there', async () => {
    const ended = await all({parts: 3, bytes: 1, then: 'exit'})
    expect(ended.got).to.deep.equal([1, 2, 3])
    expect(ended.error?.code).to.equal('INTERNAL')
    expect(ended.error?.message).to.match(/^The thread that counts stopped: it ended with code 7\./)
    expect((await all({parts: 1, bytes: 1})).error?.message).to.equal(ended.error?.message)
  })

  it('that runs out of memory ends by itself', async () => {
    const {error} = await all({parts: 0, bytes: 1, then: 'exhaust'})
    expect(error?.message).to.match(/^The thread that counts stopped: .*memory/)
    expect(error?.hint).to.match(/RAG_MAX_WORKERS=1/)
  })
})
