import {expect} from 'chai'
import {backoffMs, spreadOf} from '../../../src/lib/watch/backoff.js'
import {PendingFiles} from '../../../src/lib/watch/pending-files.js'

const file = (
  path: string,
  sizeBytes: number,
  mtimeMs: number,
): {path: string; sizeBytes: number; mtimeMs: number} => ({
  path,
  sizeBytes,
  mtimeMs,
})

describe('PendingFiles', () => {
  const paths = (pending: PendingFiles, now: number): string[] => pending.due(now).map(({path}) => path)

  it('lets a file that is still written wait, and takes it when it has settled', () => {
    const pending = new PendingFiles({settleMs: 100, maxFailures: 3})
    pending.see([file('b', 1, 0), file('a', 1, 950)], 1000)
    expect(paths(pending, 1000)).to.deep.equal(['b'])
    pending.see([file('b', 1, 0), file('a', 2, 1040)], 1050)
    expect(paths(pending, 1100)).to.deep.equal(['b'])
    expect(paths(pending, 1140)).to.deep.equal(['a', 'b'])
    expect([pending.waiting, pending.lagMs(1140)]).to.deep.equal([2, 1140])
  })

  it('takes a file from the future once it has been seen unchanged for long enough', () => {
    const pending = new PendingFiles({settleMs: 100, maxFailures: 3})
    pending.see([file('a', 1, 99_999)], 1000)
    expect(paths(pending, 1050)).to.deep.equal([])
    pending.see([file('a', 1, 99_999)], 1100)
    expect(paths(pending, 1100)).to.deep.equal(['a'])
  })

  it('takes a file once, and again when it was rewritten; forgets those that are gone', () => {
    const pending = new PendingFiles({settleMs: 0, maxFailures: 3})
    pending.see([file('a', 1, 0)], 10)
    pending.markDone(pending.due(10)[0]!)
    pending.see([file('a', 1, 0)], 20)
    expect(paths(pending, 20)).to.deep.equal([])
    pending.see([file('a', 2, 15)], 30)
    expect(paths(pending, 30)).to.deep.equal(['a'])
    pending.see([], 40)
    expect(pending.waiting).to.equal(0)
  })

  it('tries again later and later, then gives up; another content is tried at once', () => {
    const pending = new PendingFiles({settleMs: 0, maxFailures: 3, firstRetryMs: 100})
    pending.see([file('a', 1, 0)], 1000)
    const first = pending.markFailed('a', 1000)
    expect(first.retryInMs).to.be.within(100, 125)
    expect(paths(pending, 1000)).to.deep.equal([])
    expect(paths(pending, 1000 + first.retryInMs!)).to.deep.equal(['a'])
    expect(pending.markFailed('a', 2000).retryInMs).to.be.within(200, 250)
    pending.see([file('a', 2, 1900)], 2001)
    expect(paths(pending, 2001)).to.deep.equal(['a'])
    for (let i = 1; i < 3; i++) expect(pending.markFailed('a', 3000).retryInMs).to.be.a('number')
    expect(pending.markFailed('a', 3000)).to.deep.equal({attempt: 3, retryInMs: undefined})
  })

  it('backs off up to ten minutes, each file by its own spread', () => {
    expect(backoffMs(1, 0)).to.equal(5000)
    expect(backoffMs(30, 1)).to.equal(750_000)
    expect(spreadOf('a')).to.be.within(0, 1)
    expect(spreadOf('a')).not.to.equal(spreadOf('b'))
  })
})
