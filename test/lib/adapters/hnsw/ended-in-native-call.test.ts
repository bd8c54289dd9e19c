import {expect} from 'chai'
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** Ends the process (or the builder) while threads are adding vectors; Node aborts when that hits a native call. */
const script = (folder: string, end: string): string => `
import {createSegmentBuilder} from './src/lib/adapters/hnsw/segment-builder.ts'
import {sourceWorkerUrl} from './test/support/worker-url.ts'
const run = async () => {
  const workerUrl = () => sourceWorkerUrl('../engine/workers/hnsw-worker.ts')
  const builder = createSegmentBuilder({threads: 2, workerUrl})
  for (const name of ['a', 'b']) {
    const build = await builder.start({path: ${JSON.stringify(folder)} + '/' + name, dimension: 64, capacity: 20000})
    const vectors = Float32Array.from({length: 20000 * 64}, (_, i) => Math.sin(i * i))
    void build.add({seqs: Uint32Array.from({length: 20000}, (_, i) => i + 1), vectors}).catch(() => undefined)
  }
  setTimeout(async () => { ${end} }, 150)
}
void run()
`

describe('HNSW builds that are cut short', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rag-cut-'))
  })
  afterEach(() => rmSync(folder, {recursive: true, force: true}))

  for (const [name, end] of [
    ['process.exit', 'process.exit(3)'],
    ['close', 'await builder.close(); process.exitCode = 3'],
  ] as const)
    it(`end the process in order by ${name}`, () => {
      const {status, signal, stderr} = spawnSync(
        process.execPath,
        ['--import=tsx', '--input-type=module', '-e', script(folder, end)],
        {encoding: 'utf8', timeout: 15_000},
      )
      expect({status, signal, stderr}).to.deep.equal({status: 3, signal: null, stderr: ''})
    })
})
