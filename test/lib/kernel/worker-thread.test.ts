import {execFileSync} from 'node:child_process'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import {WorkerThread, type WorkerThreadOptions} from '../../../src/lib/kernel/threads/worker-thread.js'
import {RagError} from '../../../src/lib/index.js'
import type {TestService, Wish} from '../../support/thread-worker.js'
import {sourceWorkerUrl} from '../../support/worker-url.js'

const MIB = 1024 ** 2
/** What a stream may be ahead of its reader. */
const AHEAD = 12 * MIB

const url = sourceWorkerUrl('../../../test/support/thread-worker.ts')
const errorFrom = (promise: Promise<unknown>): Promise<RagError> =>
  promise.then(
    (value) => expect.fail(`it was to fail, and gave ${String(value)}`),
    (error: unknown) => error as RagError,
  )

/** A flag that the thread sets, and when it has. */
function flag(): {readonly begun: Int32Array; readonly isSet: () => Promise<void>} {
  const begun = new Int32Array(new SharedArrayBuffer(4))
  const isSet = async (): Promise<void> => {
    while (Atomics.load(begun, 0) === 0) await sleep(2)
  }
  return {begun, isSet}
}

describe('WorkerThread', function () {
  this.timeout(60_000)
  const open: WorkerThread<TestService>[] = []
  const start = (options: Partial<WorkerThreadOptions> = {}): WorkerThread<TestService> => {
    const thread = new WorkerThread<TestService>({
      url,
      what: 'The thread that counts',
      limits: {maxOldGenerationSizeMb: 40},
      ...options,
    })
    open.push(thread)
    return thread
  }
  let thread: WorkerThread<TestService>
  beforeEach(() => (thread = start()))
  afterEach(() => Promise.all(open.splice(0).map((one) => one.close())))

  describe('calls', () => {
    it('are answered in the order in which they came, many at a time', async () => {
      const calls = Array.from({length: 500}, (_, i) => thread.call('echo', i))
      expect(thread.load).to.equal(500)
      expect(await Promise.all(calls)).to.deep.equal(Array.from({length: 500}, (_, i) => i))
      expect(thread.load).to.equal(0)
      const begun = [
        thread.call('wait', {ms: 50}),
        thread.call('echo', 'after'),
        thread.call('log', undefined),
      ]
      expect((await Promise.all(begun))[2]).to.deep.equal([
        ...Array.from({length: 500}, (_, i) => `echo ${i}`),
        'wait 50',
        'echo after',
      ])
    })

    it('hand memory over, there and back', async () => {
      const numbers = Float32Array.of(1, 2, 3)
      const twice = await thread.call('twice', numbers, {transfer: [numbers.buffer]})
      expect([...twice]).to.deep.equal([2, 4, 6])
      expect(numbers.length).to.equal(0)
    })

    it('that fail keep code, hint and cause, and the next is answered', async () => {
      const failed = await errorFrom(thread.call('end', 'fail'))
      expect(failed).to.be.instanceOf(RagError)
      expect(failed).to.include({code: 'INPUT_UNREADABLE', message: 'It went away.', hint: 'Look for it.'})
      expect(failed.cause).to.be.instanceOf(Error).and.to.include({code: 'ENOENT', message: 'no such file'})
      const broken = await errorFrom(thread.call('end', 'break'))
      expect(broken).to.be.instanceOf(RagError)
      expect(broken).to.include({code: 'INTERNAL', message: 'no such thing', hint: undefined})
      expect(broken.cause).to.include({name: 'TypeError', message: 'no such thing'})
      expect(await thread.call('echo', 'well')).to.equal('well')
    })

    it('that can not be sent, or their replies, fail alone', async () => {
      expect((await errorFrom(thread.call('echo', () => 1))).message).to.match(/could not be cloned/)
      expect(thread.load).to.equal(0)
      const reply = await errorFrom(thread.call('end', 'send-function'))
      expect([reply.code, reply.message]).to.satisfy(
        ([code, message]: string[]) => code === 'INTERNAL' && /could not be cloned/.test(message!),
      )
      const unknown = await errorFrom(thread.call('nothing' as 'echo', 1))
      expect(unknown.code).to.equal('INTERNAL')
      expect(await thread.call('echo', 'well')).to.equal('well')
    })

    it('are left at once when they are stopped; those before their turn are never begun', async () => {
      const stop = new AbortController()
      const {begun, isSet} = flag()
      const blocking = thread.call('block', {ms: 1000, begun}, {signal: stop.signal})
      const waiting = thread.call('echo', 'never', {signal: stop.signal})
      const left = [blocking, waiting].map(errorFrom)
      await isSet()
      const startedAt = performance.now()
      stop.abort(new Error('enough'))
      for (const error of await Promise.all(left)) expect(error.message).to.equal('enough')
      expect(performance.now() - startedAt).to.be.below(500)
      expect(thread.load, 'the thread is still busy with it').to.equal(2)
      expect(await thread.call('log', undefined)).to.deep.equal([])
      expect(thread.load).to.equal(0)
      expect((await errorFrom(thread.call('echo', 1, {signal: stop.signal}))).message).to.equal('enough')
    })

    it('see that they are stopped', async () => {
      const stop = new AbortController()
      const {begun, isSet} = flag()
      const left = errorFrom(thread.call('wait', {ms: 60_000, begun}, {signal: stop.signal}))
      await isSet()
      stop.abort()
      await left
      expect(await thread.call('log', undefined)).to.deep.equal(['wait 60000', 'stopped 60000'])
    })
  })

  describe('streams', () => {
    const all = async (wish: Wish, signal?: AbortSignal): Promise<{got: number[]; error?: RagError}> => {
      const got: number[] = []
      try {
        for await (const part of thread.stream('count', wish, {signal})) got.push(part)
        return {got}
      } catch (error) {
        return {got, error: error as RagError}
      }
    }
    const made = async (): Promise<number> =>
      Number((await thread.call('log', undefined)).at(-1)!.split(' ')[1])

    it('give the parts in order, those before a failure too, and answer the next request', async () => {
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

    it('that yield what can not be sent fail after what came before', async () => {
      const got: unknown[] = []
      const error = await errorFrom(
        (async () => {
          for await (const part of thread.stream('yielded', [1, 2, 'function', 3])) got.push(part)
        })(),
      )
      expect(got).to.deep.equal([1, 2])
      expect(error.code).to.equal('INTERNAL')
      expect(error.message).to.match(/could not be cloned/)
      expect((await all({parts: 2, bytes: 1})).got).to.deep.equal([1, 2])
    })

    it('work ahead of their reader by no more than they may', async () => {
      const run = thread.stream('count', {parts: 1000, bytes: MIB / 2})
      await run.next()
      await sleep(300)
      // What was sent waits in this thread; nothing of it was taken up.
      const startedAt = performance.now()
      for (let ready = 0; ready < 3; ready++) await run.next()
      expect(performance.now() - startedAt).to.be.lessThan(5000)
      await run.return(undefined)
      expect(await made(), 'parts that were made for four that were read').to.be.within(
        5,
        4 + AHEAD / (MIB / 2) + 1,
      )
      expect((await all({parts: 2, bytes: 1})).got).to.deep.equal([1, 2])
    })

    it('stop when they are told to, or nobody reads on', async () => {
      const stop = new AbortController()
      setTimeout(() => stop.abort(), 50)
      const got: number[] = []
      for await (const part of thread.stream('count', {parts: 1e9, bytes: MIB}, {signal: stop.signal}))
        got.push(part)
      expect(got.length).to.be.within(1, 1e9 - 1)
      for await (const part of thread.stream('count', {parts: 1e9, bytes: MIB})) if (part === 3) break
      expect(await made(), 'the thread has cleaned up after it').to.be.within(3, 3 + AHEAD / MIB + 1)
      expect(thread.load).to.equal(0)
      expect((await all({parts: 2, bytes: 1})).got).to.deep.equal([1, 2])
    })

    it('stop at once for who was stopped before', async () => {
      const {got} = await all({parts: 1e9, bytes: MIB}, AbortSignal.abort())
      expect(got.length).to.be.lessThan(1e6)
      expect((await all({parts: 2, bytes: 1})).got).to.deep.equal([1, 2])
    })

    it('run side by side, and beside calls, at the pace of each reader', async () => {
      const slow = thread.stream('count', {parts: 1000, bytes: MIB})
      expect((await slow.next()).value).to.equal(1)
      const quick = ['a', 'b', 'c'].map(() => all({parts: 200, bytes: MIB}))
      const calls = Array.from({length: 20}, (_, i) => thread.call('echo', i))
      for (const {got} of await Promise.all(quick)) expect(got).to.have.length(200)
      expect(await Promise.all(calls)).to.have.length(20)
      expect((await slow.next()).value).to.equal(2)
      await slow.return(undefined)
    })

    it('of a thread that ends give what came before, and then say why it ended, also later', async () => {
      const ended = await all({parts: 3, bytes: 1, then: 'exit'})
      expect(ended.got).to.deep.equal([1, 2, 3])
      expect(ended.error?.code).to.equal('INTERNAL')
      expect(ended.error?.message).to.match(/^The thread that counts stopped: it ended with code 7\./)
      expect((await all({parts: 1, bytes: 1})).error?.message).to.equal(ended.error?.message)
    })

    it('end by themselves when the thread runs out of memory', async () => {
      const {error} = await all({parts: 0, bytes: 1, then: 'exhaust'})
      expect(error?.message).to.match(/^The thread that counts stopped: .*memory/)
      expect(error?.hint).to.match(/RAG_MAX_WORKERS=1/)
    })
  })

  describe('a thread that ends', () => {
    for (const [how, why] of [
      ['exit', /it ended with code 7/],
      ['reject', /thrown where nothing catches/],
      ['exhaust', /memory/],
    ] as const)
      it(`fails all that waits, and all that is asked later (${how})`, async () => {
        const slow = thread.stream('count', {parts: 1e9, bytes: 1e9})
        await slow.next()
        expect(await thread.call('echo', 'before')).to.equal('before')
        const waiting = [
          thread.call('end', how),
          thread.call('echo', 'behind'),
          (async () => {
            for await (const part of slow) void part
          })(),
        ]
        for (const call of waiting) {
          const error = await errorFrom(call)
          expect(error.code).to.equal('INTERNAL')
          expect(error.message).to.match(why)
        }
        expect(thread.isDead).to.equal(true)
        expect((await errorFrom(thread.call('echo', 'later'))).message).to.match(why)
        expect(thread.load).to.equal(0)
        await thread.close()
      })

    it('says so by the error that its owner wants, and that it has ended', async () => {
      const said: string[] = []
      const own = start({
        ended: (why) => new RagError('MODEL_UNUSABLE', `gone: ${why}`),
        onExit: () => said.push('exit'),
        beforeTermination: () => said.push('termination'),
      })
      const error = await errorFrom(own.call('end', 'exit'))
      expect([error.code, error.message]).to.deep.equal(['MODEL_UNUSABLE', 'gone: it ended with code 7'])
      await own.close()
      expect(said.filter((word) => word === 'exit')).to.deep.equal(['exit'])
    })

    it('that never begins fails the first call', async () => {
      const none = start({url: new URL('data:text/javascript,import "./no-such-module.js"')})
      expect((await errorFrom(none.call('echo', 1))).message).to.match(/no-such-module/)
    })
  })

  describe('close', () => {
    it('fails what waits, waits for the end, and may be called again', async () => {
      const ends: string[] = []
      const own = start({
        beforeTermination: () => ends.push('before'),
        onExit: () => ends.push('exit'),
      })
      const stream = own.stream('count', {parts: 1e9, bytes: MIB})
      await stream.next()
      const waiting = [own.call('block', {ms: 60_000}), own.call('echo', 1)].map(errorFrom)
      await Promise.all([own.close(), own.close()])
      expect(ends).to.deep.equal(['before', 'exit'])
      for (const error of await Promise.all(waiting)) expect(error.message).to.match(/it was closed/)
      // What came before is there still.
      const rest: number[] = []
      const error = await errorFrom(
        (async () => {
          for await (const part of stream) rest.push(part)
        })(),
      )
      expect([error.code, rest.length < 100]).to.deep.equal(['INTERNAL', true])
      expect((await errorFrom(own.call('echo', 1))).message).to.match(/it was closed/)
      await own.close()
    })

    it('lets the call in hand end where that is asked for, drops the others, and lets the thread clean up', async () => {
      const ends: string[] = []
      const own = start({closeMs: 20_000, isSilent: true, beforeTermination: () => ends.push('cut off')})
      const {begun, isSet} = flag()
      const waiting = [own.call('block', {ms: 200, begun}), own.call('block', {ms: 60_000})].map(errorFrom)
      await isSet()
      const startedAt = performance.now()
      await own.close()
      expect(performance.now() - startedAt).to.be.within(100, 15_000)
      expect(ends).to.deep.equal([])
      for (const error of await Promise.all(waiting)) expect(error.message).to.match(/it was closed/)
    })

    it('ends a thread that takes longer', async () => {
      const ends: string[] = []
      const own = start({closeMs: 100, beforeTermination: () => ends.push('cut off')})
      const {begun, isSet} = flag()
      const waiting = errorFrom(own.call('block', {ms: 60_000, begun}))
      await isSet()
      await own.close()
      expect(ends).to.deep.equal(['cut off'])
      expect((await waiting).message).to.match(/it was closed/)
    })
  })

  it('keeps the process alive while it has something to do, and only then', () => {
    const script = `
      import {WorkerThread} from './src/lib/kernel/threads/worker-thread.ts'
      const thread = new WorkerThread({url: new URL(${JSON.stringify(url.href)}), what: 'The thread'})
      thread.call('wait', {ms: 300}).then((said) => console.log(said))
      const stop = new AbortController()
      thread.call('wait', {ms: 200}, {signal: stop.signal}).catch(() => console.log('left'))
      stop.abort()
      for await (const part of thread.stream('count', {parts: 3, bytes: 1})) console.log(part)`
    const startedAt = performance.now()
    const said = execFileSync(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 30_000,
    })
    expect(said.trim().split('\n').sort()).to.deep.equal(['1', '2', '3', 'left', 'waited 300'])
    expect(performance.now() - startedAt).to.be.below(30_000)
  })
})
