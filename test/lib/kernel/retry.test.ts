import {expect} from 'chai'
import {
  backoffMs,
  isTransientStatus,
  retry,
  retryAfterMs,
  type RetryPolicy,
} from '../../../src/lib/kernel/retry.js'
import {sleep} from '../../../src/lib/kernel/sleep.js'
import {FixedClock} from '../../support/fixed-clock.js'
import {ScriptedTime} from '../../support/scripted-time.js'

class Passing extends Error {
  readonly afterMs: number | undefined

  constructor(afterMs?: number) {
    super('passing')
    this.afterMs = afterMs
  }
}

const POLICY: RetryPolicy = {
  attempts: 4,
  backoff: {firstMs: 100, mostMs: 1000, jitter: [0.5, 1.5]},
  transient: (error) => (error instanceof Passing ? error : undefined),
}

describe('retry', () => {
  let time: ScriptedTime
  beforeEach(() => (time = new ScriptedTime()))

  /** Throws these one after the other, then gives how often it was called. */
  const failing = (...errors: readonly Error[]): (() => Promise<number>) => {
    let calls = 0
    return async () => {
      const error = errors[calls++]
      await Promise.resolve()
      if (error) throw error
      return calls
    }
  }
  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      (value) => expect.fail(`it gave ${String(value)}`),
      (error: unknown) => error,
    )

  it('waits for nothing when the first attempt succeeds', async () => {
    expect(await retry(failing(), POLICY, time)).to.equal(1)
    expect(time.waits).to.deep.equal([])
  })

  it('waits longer after each failure, and as long as it is asked to, but not beyond the limit', async () => {
    const three = failing(new Passing(), new Passing(), new Passing())
    expect(await retry(three, POLICY, time)).to.equal(4)
    const asked = failing(new Passing(7), new Passing(0), new Passing(3_600_000))
    expect(await retry(asked, POLICY, time)).to.equal(4)
    expect(time.waits).to.deep.equal([100, 200, 400, 7, 0, 1000])
  })

  it('spreads the waits by chance', async () => {
    for (const chance of [0, 1]) {
      time.chance = chance
      await retry(failing(new Passing(), new Passing()), POLICY, time)
    }
    expect(time.waits).to.deep.equal([50, 100, 150, 300])
  })

  it('gives up after so many attempts, with the last error, and at once when the fault does not pass', async () => {
    const errors = [1, 2, 3, 4, 5].map(() => new Passing())
    expect(await failure(retry(failing(...errors), POLICY, time))).to.equal(errors[3])
    expect(time.waits).to.have.length(3)
    const final = new TypeError('final')
    expect(await failure(retry(failing(new Passing(), final), POLICY, time))).to.equal(final)
    expect(time.waits).to.have.length(4)
    expect(await failure(retry(failing(new Passing()), {...POLICY, attempts: 1}, time))).to.be.instanceOf(
      Passing,
    )
    expect(time.waits).to.have.length(4)
  })

  it('counts anew when an attempt got further', async () => {
    const attempt = failing(...Array.from({length: 9}, () => new Passing()))
    let attempts = 0
    const hasProgressed = (): boolean => ++attempts <= 6
    expect(await failure(retry(attempt, {...POLICY, hasProgressed}, time))).to.be.instanceOf(Passing)
    expect(attempts, 'six that got further, and three that did not').to.equal(9)
    expect(time.waits).to.deep.equal([100, 100, 100, 100, 100, 100, 200, 400])
  })

  it('ends when it is stopped: before the first attempt, within one, and in between', async () => {
    const reason = new Error('enough')
    const stopped = AbortSignal.abort(reason)
    const never = (): Promise<never> => expect.fail('no attempt was to be made')
    expect(await failure(retry(never, {...POLICY, signal: stopped}, time))).to.equal(reason)

    const within = new AbortController()
    const attempt = (): Promise<never> => {
      within.abort(reason)
      return Promise.reject(new Passing())
    }
    expect(await failure(retry(attempt, {...POLICY, signal: within.signal}, time))).to.equal(reason)
    expect(time.waits).to.deep.equal([])

    const between = new AbortController()
    time.onSleep = () => between.abort(reason)
    const signal = between.signal
    expect(await failure(retry(failing(new Passing()), {...POLICY, signal}, time))).to.equal(reason)
    expect(time.waits).to.deep.equal([100])
  })

  it('leaves a sleep of the process at once when it is stopped', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 10)
    const startedAt = performance.now()
    await sleep(60_000, stop.signal)
    await sleep(60_000, stop.signal)
    await sleep(20)
    expect(performance.now() - startedAt).to.be.within(20, 30_000)
  })
})

describe('backoffMs', () => {
  it('doubles up to its limit, then spreads', () => {
    const backoff = {firstMs: 10, mostMs: 100, jitter: [1, 1.5]} as const
    expect([1, 2, 3, 4, 5, 60].map((failures) => backoffMs(failures, backoff, 0))).to.deep.equal([
      10, 20, 40, 80, 100, 100,
    ])
    expect(backoffMs(60, backoff, 1)).to.equal(150)
  })
})

describe('what a service says about trying again', () => {
  it('is in its status', () => {
    expect([200, 307, 400, 404, 429, 500, 503].filter(isTransientStatus)).to.deep.equal([429, 500, 503])
  })

  it('is in Retry-After: seconds, or a date by the clock', () => {
    const clock = new FixedClock(Date.UTC(2026, 0, 2, 3, 4, 5))
    const asked: [string | undefined, number | undefined][] = [
      [undefined, undefined],
      ['3', 3000],
      [' 0.25 ', 250],
      ['Fri, 02 Jan 2026 03:04:35 GMT', 30_000],
      ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
      ['soon', undefined],
      ['-1', undefined],
      ['99999999', undefined],
      ['', undefined],
    ]
    for (const [header, ms] of asked) expect(retryAfterMs(header, clock), header).to.equal(ms)
  })
})
