import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {inspectStore, snapshotCorpus} from '../support/corpus-snapshot.js'
import {SeededText} from '../support/seeded-text.js'
import {TempHome, type IngestJson} from '../support/temp-home.js'

const DOCUMENTS = 200
const INGEST = ['ingest', '--dir', 'docs', '--chunk-size', '24', '--chunk-overlap', '0', '--batch-size', '10']

describe('SIGINT and SIGTERM during an ingest', function () {
  this.timeout(240_000)
  let home: TempHome
  let whole: TempHome
  before(async () => {
    whole = new TempHome('whole')
    fill(whole)
    await whole.ok(...INGEST, '--json', '--quiet')
  })
  after(() => whole.remove())
  beforeEach(() => {
    home = new TempHome('interrupt')
    fill(home)
  })
  afterEach(() => home.remove())

  function fill(into: TempHome): void {
    const text = new SeededText(11, 96)
    for (let i = 0; i < DOCUMENTS; i++)
      into.write(`docs/d${i}.md`, `# Part\n\n${text.document(i % 9, 12, 13)}`)
  }

  for (const [signal, delayMs] of [
    ['SIGINT', 20],
    ['SIGTERM', 100],
    ['SIGINT', 400],
    ['SIGINT', 900],
  ] as const)
    it(`${signal} after ${delayMs} ms: commits what is whole, exits with 130, says how to go on, and goes on`, async () => {
      const ran = await home.run([...INGEST, '--json'], {
        onStart: (child) => onceWriting(home, () => setTimeout(() => child.kill(signal), delayMs)),
      })
      if (ran.code === 0) {
        console.log('      (it was done before the signal came)')
        return
      }
      expect([ran.code, ran.signal], ran.stderr).to.deep.equal([130, undefined])
      expect(ran.stderr + ran.stdout).to.match(/same command|goes on/i)
      expect(() => JSON.parse(ran.stdout) as unknown, ran.stdout).not.to.throw()
      expect(inspectStore(home.data).faults).to.deep.equal([])
      const again = await home.json<IngestJson>(...INGEST)
      expect(again.chunks.pending).to.equal(0)
      expect(snapshotCorpus(home.data, 'default')).to.deep.equal(snapshotCorpus(whole.data, 'default'))
    })

  it('a second SIGINT stops at once, and nothing is lost', async () => {
    let firstAt = 0
    let endedAfterMs = 0
    const ran = await home.run(INGEST, {
      onStart: (child) => {
        child.on('close', () => (endedAfterMs = performance.now() - firstAt))
        onceWriting(home, () => {
          firstAt = performance.now()
          child.kill('SIGINT')
          setTimeout(() => child.kill('SIGINT'), 20)
        })
      },
    })
    expect([ran.code, ran.signal], ran.stderr).to.deep.equal([130, undefined])
    expect(endedAfterMs).to.be.lessThan(3000)
    expect(inspectStore(home.data).faults).to.deep.equal([])
    await home.ok(...INGEST)
    expect(snapshotCorpus(home.data, 'default')).to.deep.equal(snapshotCorpus(whole.data, 'default'))
  })

  it('a search leaves at the first', async () => {
    await home.ok('ingest', '--dir', 'docs', '--include', 'd1*.md')
    const ran = await home.run(['search', '--queries', '-', '--format', 'jsonl'], {
      stdin: 'bado figa\n'.repeat(200_000),
      onStart: (child) => void setTimeout(() => child.kill('SIGINT'), 900),
    })
    expect([ran.code, ran.signal], ran.stderr.slice(0, 500)).to.deep.equal([130, undefined])
  })
})

/** Calls back when the command has begun to write: before that, on a busy machine, it may not yet listen to signals. */
function onceWriting(home: TempHome, then: () => void): void {
  const timer = setInterval(() => {
    if (!existsSync(join(home.data, 'rag.db'))) return
    clearInterval(timer)
    then()
  }, 5)
  timer.unref()
}
