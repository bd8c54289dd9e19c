import {expect} from 'chai'
import {Worker} from 'node:worker_threads'
import {NativeGate} from '../../../../src/lib/adapters/hnsw/native-gate.js'

/** A thread that says it is inside, as one does that is ended there, and leaves after `ms` if at all. */
async function threadInside(gate: NativeGate, ms?: number): Promise<Worker> {
  const script = `
    const {parentPort, workerData} = require('node:worker_threads')
    const flags = new Int32Array(workerData)
    Atomics.store(flags, 1, 1)
    parentPort.postMessage('inside')
    ${ms === undefined ? '' : `setTimeout(() => { Atomics.store(flags, 1, 0); Atomics.notify(flags, 1) }, ${ms})`}
    setInterval(() => undefined, 1000)`
  const worker = new Worker(script, {eval: true, workerData: gate.buffer})
  await new Promise((resolve) => worker.once('message', resolve))
  return worker
}

const elapsed = (work: () => void): number => {
  const start = performance.now()
  work()
  return performance.now() - start
}

describe('NativeGate', () => {
  let worker: Worker | undefined
  afterEach(async () => {
    await worker?.terminate()
  })

  it('makes calls, and closes at once when none is under way', () => {
    const gate = new NativeGate()
    expect(new NativeGate(gate.buffer).pass(() => 7)).to.equal(7)
    expect(() =>
      gate.pass(() => {
        throw new Error('bad')
      }),
    ).to.throw('bad')
    expect(elapsed(() => gate.close())).to.be.below(1000)
  })

  it('waits for the call under way', async () => {
    const gate = new NativeGate()
    worker = await threadInside(gate, 150)
    expect(elapsed(() => gate.close())).to.be.within(50, 10_000)
    expect(new Int32Array(gate.buffer)[1]).to.equal(0)
  })

  it('is closed for good: a thread ended on its way out does not hold up who closes it again', async () => {
    const gate = new NativeGate()
    gate.close()
    worker = await threadInside(gate)
    expect(elapsed(() => gate.close())).to.be.below(1000)
  })

  it('waits for no thread that is no more', async () => {
    const gate = new NativeGate()
    worker = await threadInside(gate)
    await worker.terminate()
    gate.abandon()
    expect(elapsed(() => gate.close())).to.be.below(1000)
  })

  it('gives up at its limit when a thread ended inside and nobody has heard of it yet', async () => {
    const gate = new NativeGate(undefined, 100)
    worker = await threadInside(gate)
    expect(elapsed(() => gate.close())).to.be.within(90, 10_000)
  })
})
