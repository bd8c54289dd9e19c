import {existsSync, readFileSync, writeFileSync, readdirSync, statSync} from 'node:fs'
import {pack} from 'msgpackr'
import {encode} from 'notepack.io'
import {expect} from 'chai'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {TempHome} from '../support/temp-home.js'

interface ReplayJson {
  readonly files: readonly {readonly file: string; readonly records: number; readonly whole: boolean}[]
  readonly inserted: number
  readonly skipped: number
  readonly duplicates: number
  readonly failed: number
  readonly model: string
  readonly chunks: {readonly total: number; readonly pending: number}
}

describe('rag replay', function () {
  this.timeout(60_000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('replay')
  })
  afterEach(() => home.remove())
  const batch = (name: string, from: number, to: number, dimension?: number, more = {}): string =>
    writeBatchFile(home.path(`data/msgpack/${name}.msgpack`), sketchRecords(from, to, dimension), more)

  it('takes the command line that scripts use as it is written', async () => {
    batch('rag_batch_0001', 0, 200, 8)
    batch('rag_batch_0002', 150, 300)
    const line =
      'replay --glob data/msgpack/rag_batch_*.msgpack --reembed --embed-batch-size 32 --skip-existing'
    const first = await home.json<ReplayJson>(...line.split(' '))
    expect(first).to.include({inserted: 300, skipped: 0, duplicates: 50, failed: 0, model: 'lsa'})
    expect(first.chunks).to.include({total: 300, pending: 0})
    expect(await home.json<ReplayJson>(...line.split(' '))).to.include({inserted: 0, skipped: 300})
    expect(await home.found('reef the mainsail', '--mode', 'vector', '--top-k', '1')).to.have.length(1)
    expect(await home.found('mainsail', '--filter', 'batch_tag=tag', '--top-k', '3')).to.have.length(3)
    await home.ok('verify')
  })

  it('replays what two other encoders write', async () => {
    for (const [name, write] of [
      ['notepack', encode],
      ['msgpackr', pack],
    ] as const) {
      const from = name === 'notepack' ? 0 : 10
      home.write(`in/${name}.msgpack`, write({records: sketchRecords(from, from + 10, 8), model: 'm'}))
    }
    const report = await home.json<ReplayJson>('replay', '--glob', 'in/*.msgpack')
    expect(report).to.include({inserted: 20, failed: 0, model: 'm'})
  })

  it('says by exit code and in one line what went wrong', async () => {
    const none = await home.run(['replay', '--glob', 'in/*.msgpack'])
    expect([none.code, none.stdout]).to.deep.equal([4, ''])
    expect(none.stderr).to.match(/No file matches in\/\*\.msgpack\. Nothing was changed\./)
    home.write('in/a.msgpack', 'no batch')
    batch('good', 0, 3)
    const globs = ['--glob', 'in/*', '--glob', 'data/msgpack/*']
    const part = await home.run(['replay', ...globs])
    expect([part.code, part.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 3 && /in\/a\.msgpack: record 1 at byte 0/.test(said),
    )
    expect((await home.run(['replay', '--glob', 'in/*'])).code).to.equal(1)
    batch('vectors', 3, 6, 4)
    const nameless = await home.run(['replay', '--glob', 'data/msgpack/v*', '--corpus', 'other'])
    expect([nameless.code, nameless.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 2 && /--model NAME/.test(said),
    )
    expect((await home.run(['corpus', 'show', '--corpus', 'other'])).code).to.equal(4)
    const other = await home.run(['replay', '--glob', 'data/msgpack/v*', '--json'])
    expect(other.code).to.equal(8)
    expect((JSON.parse(other.stdout) as ReplayJson).inserted).to.equal(0)
  })

  it('finishes the batch in hand when it is interrupted, and goes on where it stopped', async () => {
    batch('a', 0, 30_000, 8, {model: 'm'})
    const argv = [
      'replay',
      '--glob',
      'data/msgpack/*',
      '--state-file',
      'state.json',
      '--archive',
      'done',
      '--json',
    ]
    let isHit = false
    const cut = await home.run(argv, {
      onStart: (child) => {
        const wait = setInterval(() => {
          // More than making the store takes: records are being committed.
          const log = statSync(home.path('data/rag.db-wal'), {throwIfNoEntry: false})
          if (!log || log.size < 1024 ** 2) return
          clearInterval(wait)
          isHit = child.kill('SIGINT')
        }, 5)
      },
    })
    expect([isHit, cut.code]).to.deep.equal([true, 130])
    const {inserted} = JSON.parse(cut.stdout) as ReplayJson
    expect(inserted).to.be.within(1, 29_999)
    // The folder is made before anything is loaded; nothing was moved into it.
    expect([existsSync(home.path('state.json')), readdirSync(home.path('done'))]).to.deep.equal([false, []])
    const rest = await home.json<ReplayJson>(...argv.slice(0, -1))
    expect(rest).to.include({inserted: 30_000 - inserted, skipped: inserted, failed: 0})
    expect(existsSync(home.path('done/a.msgpack'))).to.equal(true)
  })

  it('--metrics writes figures for Prometheus, and keeps when it last went well', async () => {
    batch('a', 0, 20, 8, {model: 'm'})
    const argv = ['replay', '--glob', 'data/msgpack/*', '--metrics', 'rag.prom']
    await home.ok(...argv)
    const good = readFileSync(home.path('rag.prom'), 'utf8')
    expect(good).to.match(/^rag_rows\{.*outcome="inserted".*\} 20$/m)
    expect(good).to.match(/^rag_rows_per_second\{.*\} [\d.]+$/m)
    expect(good).to.match(/^rag_embedding_seconds_bucket\{le="0\.005".*\} 0$/m)
    const succeeded = /^rag_last_success_timestamp_seconds\{.*\} (\S+)$/m
    const before = succeeded.exec(good)![1]
    writeFileSync(home.path('data/msgpack/b.msgpack'), 'no batch')
    expect((await home.run(argv)).code).to.equal(3)
    const bad = readFileSync(home.path('rag.prom'), 'utf8')
    expect(bad).to.match(/^rag_last_run_success\{.*\} 0$/m)
    expect(succeeded.exec(bad)![1]).to.equal(before)
    const lost = await home.run([...argv.slice(0, -1), 'no/such/folder/x.prom'])
    expect(lost.code).to.equal(1)
    expect(lost.stderr).to.match(/no\/such\/folder\/x\.prom/)
  })

  it('rag ingest writes the same figures', async () => {
    home.write('docs/a.md', 'Bees swarm in may.')
    await home.ok('ingest', '--dir', 'docs', '--metrics', 'rag.prom')
    const figures = readFileSync(home.path('rag.prom'), 'utf8')
    expect(figures).to.match(/^rag_rows\{.*outcome="inserted".*command="ingest".*\} 1$/m)
    expect(figures).to.match(/^rag_last_run_success\{.*\} 1$/m)
  })
})
