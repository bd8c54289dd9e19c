import {expect} from 'chai'
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/**
 * Ends the builder again and again while threads are adding vectors, or the process; Node aborts when that hits a native call. Where a
 * thread is just then is left to chance, hence the rounds.
 */
const script = (folder: string, end: string): string => `
import {setTimeout} from 'node:timers/promises'
import {createSegmentBuilder} from './src/lib/adapters/hnsw/segment-builder.ts'
import {sourceWorkerUrl} from './test/support/worker-url.ts'
const workerUrl = () => sourceWorkerUrl('../engine/workers/hnsw-worker.ts')
const vectors = Float32Array.from({length: 20000 * 64}, (_, i) => Math.sin(i * i))
const run = async () => {
  for (let round = 0; round < ${ROUNDS}; round++) {
    const builder = createSegmentBuilder({threads: 2, workerUrl})
    for (const name of ['a', 'b']) {
      const build = await builder.start({path: ${JSON.stringify(folder)} + '/' + name, dimension: 64, capacity: 20000})
      const seqs = Uint32Array.from({length: 20000}, (_, i) => i + 1)
      void build.add({seqs, vectors: vectors.slice()}).catch(() => undefined)
    }
    await setTimeout(100 + 7 * round)
    ${end}
  }
  process.exitCode = 3
}
void run()
`
const ROUNDS = 12

describe('HNSW builds that are cut short', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rag-cut-'))
  })
  afterEach(() => rmSync(folder, {recursive: true, force: true}))

  for (const [name, end] of [
    ['process.exit', 'process.exit(3)'],
    ['close', 'await builder.close()'],
  ] as const)
    it(`end the process in order by ${name}`, () => {
      const {status, signal, stderr} = spawnSync(
        process.execPath,
        ['--import=tsx', '--input-type=module', '-e', script(folder, end)],
        {encoding: 'utf8', timeout: 60_000},
      )
      expect({status, signal, stderr}).to.deep.equal({status: 3, signal: null, stderr: ''})
    })
})
