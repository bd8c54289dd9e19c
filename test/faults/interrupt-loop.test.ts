import {rmSync} from 'node:fs'
import {expect} from 'chai'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {inspectStore} from '../support/corpus-snapshot.js'
import {seededNumbers} from '../support/seeded-text.js'
import {TempHome} from '../support/temp-home.js'

const ROUNDS = Number(process.env['RAG_KILL_ROUNDS'] ?? 12)
const SEED = Number(process.env['RAG_KILL_SEED'] ?? 1)
/** Until the program is loaded, it listens to no signal, and is ended by it. */
const START_MS = 250
/** Far more than any end takes. What hangs, hangs for ever. */
const HANGS_MS = 20_000

/** Threads that build indexes, read and hash are at work: wherever they are, the process must end, and in order. */
describe('SIGINT and SIGTERM at any time', function () {
  this.timeout(120_000 + ROUNDS * 10_000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('interrupt-loop')
    for (let i = 0; i < 2; i++)
      writeBatchFile(home.path(`in/b${i}.msgpack`), sketchRecords(i * 3000, (i + 1) * 3000, 64), {model: 'm'})
  })
  afterEach(() => home.remove())

  const replay = ['replay', '--glob', 'in/*.msgpack', '--skip-existing', '--quiet', '--json']
  for (const [name, argv, begin] of [
    ['rag replay', replay, () => Promise.resolve(rmSync(home.data, {recursive: true, force: true}))],
    ['rag rebuild', ['rebuild', '--quiet', '--json'], () => Promise.resolve()],
  ] as const)
    it(`ends ${name} in order, whatever it is at (${ROUNDS} signals)`, async () => {
      await home.ok(...replay)
      const {tookMs} = await home.run(argv)
      const random = seededNumbers(SEED)
      const ended = {early: 0, interrupted: 0, done: 0}
      let longestMs = 0
      for (let round = 0; round < ROUNDS; round++) {
        await begin()
        const delay = START_MS + random() * Math.max(0, tookMs - START_MS)
        const signal = round % 2 === 0 ? 'SIGINT' : 'SIGTERM'
        let sentAt = Number.NaN
        const ran = await home.run(argv, {
          timeoutMs: delay + HANGS_MS,
          onStart: (child) =>
            void setTimeout(() => {
              sentAt = performance.now()
              child.kill(signal)
            }, delay).unref(),
        })
        const tookToEnd = performance.now() - sentAt
        if (ran.signal === signal && ran.stderr === '') {
          ended.early++
          continue
        }
        expect(ran.signal, `${signal} after ${delay.toFixed()} ms: ${ran.stderr}`).to.equal(undefined)
        expect([0, 130], ran.stderr).to.include(ran.code)
        if (ran.code === 130) longestMs = Math.max(longestMs, tookToEnd)
        ended[ran.code === 0 ? 'done' : 'interrupted']++
        expect(inspectStore(home.data).faults).to.deep.equal([])
      }
      console.log(`      ${JSON.stringify(ended)}, within ${longestMs.toFixed()} ms`)
      expect(ended.interrupted).to.be.at.least(1)
      await home.ok(...argv)
      await home.ok('verify')
    })
})
