import type {ChildProcess} from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {expect} from 'chai'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {snapshotCorpus} from '../support/corpus-snapshot.js'
import type {RanRag} from '../support/run-rag.js'
import {TempHome} from '../support/temp-home.js'

interface Line {
  readonly event: string
  readonly file?: string
  readonly inserted?: number
  readonly waiting?: number
  readonly renamed?: readonly unknown[]
  readonly cache?: {readonly embed_misses: number}
}

const linesOf = ({stdout}: RanRag): Line[] =>
  stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

describe('rag watch', function () {
  this.timeout(90_000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('watch')
    mkdirSync(home.path('data/msgpack'), {recursive: true})
  })
  afterEach(() => home.remove())

  const SEED = ['--glob', 'data/msgpack/*.msgpack', '--skip-existing', '--dummy-fill', '768']
  const STATE = ['--state-file', 'data/msgpack/.replay_state.json']
  const batch = (name: string, from: number, to: number): string => {
    const file = writeBatchFile(home.path(`data/msgpack/${name}.msgpack`), sketchRecords(from, to))
    utimesSync(file, 1000, 1000)
    return file
  }
  const state = (): {name: string}[] =>
    JSON.parse(readFileSync(home.path('data/msgpack/.replay_state.json'), 'utf8')) as {name: string}[]

  const documentCount = (): number => Object.keys(snapshotCorpus(home.data, 'default').documents).length

  interface Running {
    readonly child: ChildProcess
    readonly ended: Promise<RanRag>
    readonly stdout: () => string
    readonly stderr: () => string
  }
  function start(...argv: string[]): Running {
    let child: ChildProcess | undefined
    let stdout = ''
    let stderr = ''
    const ended = home.run(['watch', ...argv], {
      onStart: (started) => {
        child = started
        started.stdout?.on('data', (part: Buffer) => (stdout += String(part)))
      },
      onStderr: (soFar) => (stderr = soFar),
    })
    return {child: child!, ended, stdout: () => stdout, stderr: () => stderr}
  }
  async function until(holds: () => boolean, what: string): Promise<void> {
    for (let i = 0; i < 2000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(holds(), what).to.equal(true)
  }

  it('works as the scripts write it, takes what comes later, and ends within 2 s of SIGTERM', async () => {
    batch('a', 0, 3)
    const watch = start(...SEED, '--interval', '0.2', ...STATE)
    await until(() => watch.stderr().includes('a.msgpack: 3 inserted'), 'a is loaded')
    batch('b', 3, 7)
    await until(() => watch.stderr().includes('b.msgpack: 4 inserted'), 'b is loaded')
    const at = performance.now()
    watch.child.kill('SIGTERM')
    const {code, stdout} = await watch.ended
    expect(performance.now() - at).to.be.lessThan(2000)
    expect([code, stdout]).to.deep.equal([
      130,
      '2 files: 7 inserted, 0 skipped, 0 duplicates, 0 failed; 0 waiting\n',
    ])
    expect(state().map(({name}) => name)).to.deep.equal(['data/msgpack/a.msgpack', 'data/msgpack/b.msgpack'])
    const again = await home.ok('watch', ...SEED, '--interval', '15', ...STATE, '--once')
    expect(again.stdout).to.contain('0 files')
  })

  it('commits what is whole when it is told to stop in the middle, and is done once after a restart', async () => {
    for (let i = 0; i < 20; i++) batch(`b${String(i).padStart(2, '0')}`, i * 500, (i + 1) * 500)
    const watch = start(...SEED, ...STATE, '--json')
    await until(() => existsSync(home.path('data/rag.db')), 'it has begun')
    await new Promise((resolve) => setTimeout(resolve, 150))
    const at = performance.now()
    watch.child.kill('SIGINT')
    const stopped = await watch.ended
    expect(performance.now() - at).to.be.lessThan(2000)
    expect(stopped.code, stopped.stderr).to.equal(130)
    const rest = await home.run(['watch', ...SEED, ...STATE, '--once', '--json'])
    expect(rest.code, rest.stderr).to.equal(0)
    const done = [...linesOf(stopped), ...linesOf(rest)].filter(({event}) => event === 'processed')
    expect(done).to.have.length(20)
    expect(documentCount()).to.equal(10_000)
  })

  it('waits where nothing matches, and with --once says so and ends well', async () => {
    const {code, stderr} = await home.run(['watch', ...SEED, '--once'])
    expect([code, stderr]).to.satisfy(
      ([c, text]: [number, string]) => c === 0 && text.includes('No file matches'),
    )
  })

  it('says with --once that the next run tries what failed, and ends with exit code 3', async () => {
    batch('good', 0, 3)
    home.write('data/msgpack/bad.msgpack', 'no batch')
    const {code, stderr} = await home.run(['watch', ...SEED, '--once'])
    expect(code).to.equal(3)
    expect(stderr).to.match(/bad\.msgpack: failed \(attempt 1\): .* The next run tries it again\./)
  })

  it('leaves a growing file alone until it has settled', async () => {
    const whole = readFileSync(batch('z', 0, 400))
    rmSync(home.path('data/msgpack/z.msgpack'))
    const watch = start(...SEED, '--interval', '0.1', '--settle', '1', '--json')
    const grow = home.path('data/msgpack/grow.msgpack')
    for (let part = 1; part <= 6; part++) {
      writeFileSync(grow, whole.subarray(0, (whole.length * part) / 6))
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    await until(() => watch.stdout().includes('"processed"'), 'it is loaded')
    watch.child.kill('SIGTERM')
    const lines = linesOf(await watch.ended)
    expect(lines.filter(({event}) => event === 'failed')).to.deep.equal([])
    expect(lines.some(({event, waiting}) => event === 'status' && waiting === 1)).to.equal(true)
    expect(lines.find(({event}) => event === 'processed')?.inserted).to.equal(400)
  })

  it('lets two watchers share one state file: each batch is loaded once', async () => {
    for (let i = 0; i < 8; i++) batch(`b${i}`, i * 50, (i + 1) * 50)
    const argv = [...SEED, ...STATE, '--interval', '0.2', '--json', '--wait', '20']
    const both = [start(...argv), start(...argv)]
    await until(
      () => existsSync(home.path('data/msgpack/.replay_state.json')) && state().length === 8,
      'all done',
    )
    batch('late', 1000, 1010)
    await until(() => state().length === 9, 'the late one, too')
    for (const {child} of both) child.kill('SIGTERM')
    const all = await Promise.all(both.map(({ended}) => ended))
    const done = all.flatMap(linesOf).filter(({event}) => event === 'processed')
    expect(done.map(({file}) => file).sort()).to.deep.equal(
      [...Array.from({length: 8}, (_, i) => `b${i}`), 'late'].map((name) => `data/msgpack/${name}.msgpack`),
    )
    expect(done.reduce((sum, {inserted = 0}) => sum + inserted, 0)).to.equal(410)
  })

  it('keeps a state file for one corpus of one store: another watcher is told who has it, until that is gone', async () => {
    batch('a', 0, 3)
    const ofCorpus = (corpus: string, ...more: string[]): string[] => [
      ...[...SEED, ...STATE, '--interval', '0.2', '--corpus', corpus, ...more],
    ]
    const first = start(...ofCorpus('one'))
    await until(() => first.stderr().includes('a.msgpack: 3 inserted'), 'a is loaded')
    const refused = await home.run(['watch', ...ofCorpus('two'), '--once'])
    expect(refused.code).to.equal(6)
    expect(refused.stderr).to.match(
      new RegExp(
        `in use by process ${first.child.pid} on .*, for corpus "one" in .*data; .*--state-file FILE`,
        's',
      ),
    )
    const elsewhere = await home.run(['watch', ...ofCorpus('one', '--data-dir', 'other'), '--once'])
    expect([elsewhere.code, existsSync(home.path('other'))]).to.deep.equal([6, false])
    const replayed = await home.run(['replay', '--corpus', 'two', ...SEED, ...STATE])
    expect(replayed.code, replayed.stderr).to.equal(6)
    const shared = await home.run(['watch', ...ofCorpus('one'), '--once', '--wait', '20'])
    expect(shared.code, shared.stderr).to.equal(0)
    const waiting = start(...ofCorpus('two', '--once', '--wait', '30', '--json'))
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(waiting.child.exitCode).to.equal(null)
    first.child.kill('SIGKILL')
    await first.ended
    expect((await waiting.ended).code).to.equal(0)
    const after = start(...ofCorpus('three'))
    batch('b', 3, 5)
    await until(() => after.stderr().includes('b.msgpack: 2 inserted'), 'b is loaded')
    after.child.kill('SIGTERM')
    await after.ended
    expect((await home.run(['watch', ...ofCorpus('two'), '--once'])).code).to.equal(0)
  })

  it('sets each damaged state file aside under a name of its own', async () => {
    batch('a', 0, 2)
    for (const [i, bad] of ['["a.msgpack", {"half": ', '[1, 2]'].entries()) {
      writeFileSync(home.path('data/msgpack/.replay_state.json'), bad)
      const {code, stderr} = await home.run(['watch', ...SEED, ...STATE, '--once'])
      expect([code, stderr.includes(`.replay_state.json.corrupt-${i + 1}`)]).to.deep.equal([0, true])
      expect(readFileSync(home.path(`data/msgpack/.replay_state.json.corrupt-${i + 1}`), 'utf8')).to.equal(
        bad,
      )
    }
    expect(state()).to.have.length(1)
  })

  it('names each document of a folder that it can not take, and why, also with --quiet', async () => {
    home.writeAll({'one/a.md': '# A\n\nabout bees', 'two/a.md': '# A\n\nabout boats'})
    await home.ok('ingest', '--dir', 'one')
    const ran = await home.run(['watch', '--once', '--dir', 'two', '--settle', '0', '--quiet'])
    expect(ran.code).to.equal(3)
    expect(ran.stderr).to.match(
      /^rag: failed: .*two\/a\.md: The document id "a\.md" belongs to .*\(ID_TAKEN\)$/m,
    )
  })

  it('with --notify survives links that lead round in circles', async () => {
    home.writeAll({'d/a.md': '# A\n\nabout bees', 'd/s/t/b.md': '# B\n\nabout boats'})
    symlinkSync('..', home.path('d/s/up'))
    symlinkSync('../..', home.path('d/s/t/up'))
    symlinkSync('d', home.path('link'))
    const watch = start('--dir', 'link', '--notify', '--settle', '0', '--interval', '60', '--json')
    await until(() => watch.stdout().includes('"added":2'), 'ingested')
    symlinkSync('.', home.path('d/loop'))
    home.write('d/c.md', '# C\n\nabout rocks')
    await until(() => watch.stdout().includes('"added":1'), 'told of the new one')
    rmSync(home.path('d/loop'))
    home.write('d/e.md', '# E\n\nabout bread')
    await until(() => watch.stdout().match(/"added":1/g)?.length === 2, 'told of another')
    const at = performance.now()
    watch.child.kill('SIGTERM')
    const {code, stderr} = await watch.ended
    expect([code, performance.now() - at < 2000], stderr).to.deep.equal([130, true])
    expect(stderr).not.to.contain('    at ')
  })

  it('writes its figures while it runs', async () => {
    batch('a', 0, 5)
    writeBatchFile(home.path('data/msgpack/bad.msgpack'), [{no: 'text'}])
    const watch = start(...SEED, '--interval', '0.2', '--settle', '0', '--metrics', 'rag.prom')
    const prom = (): string =>
      existsSync(home.path('rag.prom')) ? readFileSync(home.path('rag.prom'), 'utf8') : ''
    await until(() => /^rag_rows\{.*outcome="inserted".*\} 5$/m.test(prom()), 'rows')
    expect(prom()).to.match(/^rag_rows\{.*outcome="failed".*\} 1$/m)
    expect(prom()).to.match(/^rag_watch_waiting_files\{.*\} 1$/m)
    expect(prom()).to.match(/^rag_watch_last_success_timestamp_seconds\{.*\} \d+/m)
    expect(prom()).to.match(/^rag_pending_chunks\{.*\} 0$/m)
    watch.child.kill('SIGTERM')
    expect((await watch.ended).code).to.equal(130)
    expect(watch.stderr()).to.match(/1 waiting, the oldest for .*; 1 failed, 0 set aside/)
  })

  it('keeps a corpus as its folder is, store and all in it, and is still when nothing changes', async () => {
    home.writeAll({'docs/a.md': '# A\n\nabout bees', 'docs/b.md': '# B\n\nabout boats'})
    const watch = start(
      '--dir',
      'docs',
      '--data-dir',
      'docs/.rag',
      '--notify',
      '--settle',
      '0.2',
      '--interval',
      '60',
      '--json',
    )
    const looks = (): number => watch.stdout().match(/"event":"status"/g)?.length ?? 0
    const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
    await until(() => watch.stdout().includes('"ingested"') && looks() > 0, 'ingested')
    // Where the system is slow to watch the folder, one more look makes sure that nothing was missed. Once a quiet time has passed,
    // there is none: what the watch writes itself, in the folder or not, does not wake it.
    let seen = 0
    for (let i = 0; i < 20 && seen !== looks(); i++) {
      seen = looks()
      await pass(1200)
    }
    expect(seen).to.be.at.most(2)
    await pass(1500)
    expect(looks()).to.equal(seen)
    cpSync(home.path('docs/a.md'), home.path('docs/z.md'))
    rmSync(home.path('docs/a.md'))
    await until(() => watch.stdout().includes('"to":"z.md"'), 'renamed')
    watch.child.kill('SIGTERM')
    const last = linesOf(await watch.ended)
      .filter(({event}) => event === 'ingested')
      .at(-1)
    expect(last?.renamed).to.deep.equal([{from: 'a.md', to: 'z.md'}])
  })
})
