import {existsSync} from 'node:fs'
import {readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import {buildBytes} from '../../../../src/lib/model/index-entry.js'
import {loadNativeModule} from '../../../../src/lib/adapters/hnsw/native-index.js'
import {createSegmentBuilder} from '../../../../src/lib/adapters/hnsw/segment-builder.js'
import {createSegmentLoader} from '../../../../src/lib/adapters/hnsw/segment-loader.js'
import {blockOf, SeededVectors} from '../../../support/seeded-vectors.js'
import {SegmentBench, workerUrl} from './segment-files.js'

const DIMENSION = 16
const reasonFor = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'it went well',
    (reason: unknown) => reason,
  )
const scriptUrl = (script: string): URL => new URL(`data:text/javascript,${encodeURIComponent(script)}`)

describe('createSegmentBuilder', () => {
  const bench = new SegmentBench(2)
  const source = new SeededVectors(DIMENSION)
  before(() => bench.open())
  after(() => bench.close())

  const start = (capacity = 10, path = bench.newPath()) =>
    bench.builder.start({path, dimension: DIMENSION, capacity})

  it('gives equal bytes for equal vectors in equal order, however they are cut into blocks', async () => {
    const vectors = Array.from({length: 900}, () => source.next())
    const withCopies = [...vectors, ...vectors.slice(0, 200)]
    const whole = await bench.build([blockOf(withCopies)], DIMENSION)
    const parts = [blockOf(withCopies.slice(0, 333)), blockOf(withCopies.slice(333), 334)]
    const [a, b] = await Promise.all([
      bench.build(parts, DIMENSION),
      bench.build([blockOf(withCopies)], DIMENSION),
    ])
    const expected = await readFile(whole)
    expect((await readFile(a)).equals(expected)).to.equal(true)
    expect((await readFile(b)).equals(expected)).to.equal(true)
  })

  it('writes no more than the vectors need', async () => {
    const wide = new SeededVectors(256, 3)
    const path = bench.newPath()
    const build = await bench.builder.start({path, dimension: 256, capacity: 100_000})
    await build.add(wide.block(1500))
    expect(await build.finish()).to.deep.equal({count: 1500})
    const raw = 1500 * 256 * 4
    expect((await stat(path)).size).to.be.within(raw, raw * 1.25)
    const roomInHeader = (await readFile(path)).readBigUInt64LE(8)
    expect(roomInHeader).to.equal(1500n)
  })

  it('takes the memory of a block, but not what lies beside it', async () => {
    const build = await start(100)
    const own = source.block(10)
    await build.add(own)
    expect(own.vectors.length).to.equal(0)
    const large = source.block(20, 11)
    await build.add({seqs: large.seqs.subarray(0, 10), vectors: large.vectors.subarray(0, 10 * DIMENSION)})
    await build.add({seqs: large.seqs.subarray(10), vectors: large.vectors.subarray(10 * DIMENSION)})
    expect(large.vectors.length).to.equal(20 * DIMENSION)
    expect(await build.finish()).to.deep.equal({count: 30})
  })

  it('lets builds wait that would take too much memory together; one that is too large for that runs alone', async () => {
    const builder = createSegmentBuilder({threads: 3, workerUrl, memoryBytes: 100 * buildBytes(DIMENSION)})
    try {
      const begun: string[] = []
      const begin = async (name: string, capacity: number): Promise<() => Promise<unknown>> => {
        const build = await builder.start({path: bench.newPath(), dimension: DIMENSION, capacity})
        begun.push(name)
        await build.add(source.block(5))
        return () => build.finish()
      }
      const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200))
      const [first, second] = [await begin('first', 50), await begin('second', 50)]
      const third = begin('third', 5)
      const fourth = begin('fourth', 1000)
      await turn()
      expect(begun).to.deep.equal(['first', 'second'])
      await first()
      await (
        await third
      )()
      await turn()
      expect(begun).to.deep.equal(['first', 'second', 'third'])
      await second()
      await (
        await fourth
      )()
      expect(begun).to.have.length(4)
    } finally {
      await builder.close()
    }
  })

  it('makes the feeder wait when much is queued', async () => {
    const dimension = 256
    const build = await bench.builder.start({path: bench.newPath(), dimension, capacity: 80_000})
    const wide = new SeededVectors(dimension, 5)
    const one = wide.block(500)
    let isWaiting = true
    const blocks = Array.from({length: 140}, (_, i) => ({
      seqs: one.seqs.map((seq) => seq + i * 500),
      vectors: one.vectors.slice(),
    }))
    const last = blocks.map((block) => build.add(block)).at(-1)!
    const settled = last.then(() => (isWaiting = false))
    await new Promise((resolve) => setImmediate(resolve))
    expect(isWaiting).to.equal(true)
    await settled
    expect(await build.finish()).to.deep.equal({count: 70_000})
  })

  const bad: readonly [string, Float32Array, string, string][] = [
    ['NaN', new Float32Array(DIMENSION).fill(1).fill(Number.NaN, 3, 4), 'BAD_VECTOR', 'not finite'],
    [
      'infinity',
      new Float32Array(DIMENSION).fill(1).fill(Number.POSITIVE_INFINITY, 3, 4),
      'BAD_VECTOR',
      'not finite',
    ],
    ['zero', new Float32Array(DIMENSION), 'BAD_VECTOR', 'zero'],
    ['another dimension', new Float32Array(DIMENSION - 1).fill(1), 'DIMENSION_MISMATCH', `× ${DIMENSION}`],
  ]
  for (const [what, vector, code, words] of bad)
    it(`refuses a vector that is ${what}, and goes on with the next build`, async () => {
      const path = bench.newPath()
      const build = await start(10, path)
      await build.add(source.block(3))
      const reason = await reasonFor(
        build.add({seqs: Uint32Array.of(77), vectors: vector}).then(() => build.finish()),
      )
      expect(reason).to.include({code})
      expect(reason).to.have.property('message').that.contains(words)
      expect(await reasonFor(build.finish())).to.include({code})
      expect(existsSync(path)).to.equal(false)
      await bench.build([source.block(5)], DIMENSION)
    })

  it('refuses vectors out of order and more than were announced', async () => {
    for (const blocks of [[source.block(3, 5), source.block(1, 7)], [source.block(11)]]) {
      const build = await start(10)
      for (const block of blocks) await build.add(block).catch(() => undefined)
      expect(await reasonFor(build.finish())).to.include({code: 'INTERNAL'})
    }
  })

  it('notices that the native writer wrote nothing, or cannot', async () => {
    for (const path of [join(bench.folder, 'missing', 'seg.hnsw'), bench.folder]) {
      const build = await start(10, path)
      await build.add(source.block(3))
      const reason = await reasonFor(build.finish())
      expect(reason).to.include({code: 'STORE_UNUSABLE'})
      expect(reason).to.have.property('message').that.contains(path)
    }
  })

  it('notices a file that a full disk cut short', async function () {
    if (!existsSync('/dev/full')) {
      console.log('      skipped: this system has no /dev/full')
      this.skip()
    }
    const build = await start(10, '/dev/full')
    await build.add(source.block(3))
    expect(await reasonFor(build.finish()))
      .to.have.property('code')
      .that.is.oneOf(['DISK_FULL', 'STORE_UNUSABLE'])
  })

  it('lets the third of three builds wait for two threads', async () => {
    const first = await start()
    const second = await start()
    let hasThird = false
    const third = start().then((build) => {
      hasThird = true
      return build
    })
    await first.add(source.block(2))
    expect(hasThird).to.equal(false)
    await first.abort()
    await first.abort()
    await (await third).add(source.block(2))
    expect(await (await third).finish()).to.deep.equal({count: 2})
    expect(await second.finish()).to.deep.equal({count: 0})
  })

  it('rejects what is asked of a build that was given up', async () => {
    const build = await start()
    await build.abort()
    expect(await reasonFor(build.add(source.block(1)))).to.include({code: 'INTERNAL'})
    expect(await reasonFor(build.finish())).to.include({code: 'INTERNAL'})
  })

  it('reports a worker that crashes, ends, or cannot be started, and tries a new one next time', async () => {
    const scripts = [
      'import {parentPort} from "node:worker_threads"; parentPort.on("message", () => { throw new Error("crashed on purpose") })',
      'import {parentPort} from "node:worker_threads"; parentPort.on("message", () => process.exit(3))',
      'import "./no-such-module.js"',
    ]
    const urls = [...scripts.map(scriptUrl), workerUrl('hnsw-worker')]
    const builder = createSegmentBuilder({threads: 1, workerUrl: () => urls.shift()!})
    try {
      for (const words of ['crashed on purpose', 'code 3', 'no-such-module']) {
        const reason = await reasonFor(builder.start({path: bench.newPath(), dimension: 2, capacity: 1}))
        expect(reason).to.include({code: 'INTERNAL'})
        expect(reason).to.have.property('message').that.contains(words)
      }
      const build = await builder.start({path: bench.newPath(), dimension: 2, capacity: 1})
      expect(await build.finish()).to.deep.equal({count: 0})
    } finally {
      await builder.close()
    }
  })

  it('ends running and waiting builds when it is closed', async () => {
    const builder = createSegmentBuilder({threads: 1, workerUrl})
    const running = await builder.start({path: bench.newPath(), dimension: 2, capacity: 1})
    const waiting = reasonFor(builder.start({path: bench.newPath(), dimension: 2, capacity: 1}))
    await builder.close()
    expect(await waiting).to.include({code: 'INTERNAL'})
    expect(await reasonFor(running.finish())).to.include({code: 'INTERNAL'})
    expect(await reasonFor(builder.start({path: bench.newPath(), dimension: 2, capacity: 1}))).to.include({
      code: 'INTERNAL',
    })
  })

  it('says how to mend a native module that is absent', async () => {
    const reason = await reasonFor(
      loadNativeModule(() => Promise.reject(new Error('Could not locate the bindings file'))),
    )
    expect(reason).to.include({code: 'NATIVE_MODULE_MISSING'})
    expect(reason).to.have.property('hint').that.contains('npm rebuild hnswlib-node')
  })

  it('keeps every vector of a random block findable', async () => {
    const block = source.block(700)
    const path = await bench.build([block], DIMENSION)
    const segment = await createSegmentLoader().open(path, {dimension: DIMENSION, count: 700, file: path})
    const lost = Array.from(block.seqs).filter((seq, row) => {
      const own = block.vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION)
      return segment.search(own, 1)[0]?.seq !== seq
    })
    expect(lost).to.deep.equal([])
  })
})
