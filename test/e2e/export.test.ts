import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {TempHome} from '../support/temp-home.js'

const CORPUS = path.resolve('examples/corpus')
const QUERIES = ['why did half of my bees fly away', 'compute_harmonic_level', 'parental leave']

interface ExportJson {
  readonly documents: number
  readonly files: readonly {readonly file: string}[]
}

/** By the built program: what it packs with comes from packages that lie in the build, or beside it. */
describe('rag export', function () {
  this.timeout(120_000)
  let home: TempHome
  before(async () => {
    home = new TempHome('export')
    await home.ok('ingest', '--dir', CORPUS, '--quiet')
  })
  after(() => home.remove())

  const hitsIn = async (corpus: string): Promise<unknown> => {
    const found: unknown[] = []
    for (const query of QUERIES)
      for (const mode of ['keyword', 'vector'])
        found.push(await home.found(query, '--corpus', corpus, '--mode', mode))
    return found
  }

  for (const packing of [undefined, 'gzip', 'zstd'])
    it(`gives what rag replay makes the same corpus of, ${packing ? `packed with ${packing}` : 'unpacked'}`, async () => {
      const out = `out-${packing}`
      const argv = [
        'export',
        '--out',
        out,
        '--max-records',
        '20',
        ...(packing ? ['--compress', packing] : []),
      ]
      const report = await home.json<ExportJson>(...argv)
      expect(report.documents).to.equal(42)
      expect(report.files.length).to.be.greaterThan(1)
      const replayed = await home.json<{inserted: number; failed: number}>(
        'replay',
        '--glob',
        `${out}/*.msgpack*`,
        '--corpus',
        `from/${out}`,
      )
      expect(replayed).to.include({failed: 0})
      expect(await hitsIn(`from/${out}`)).to.deep.equal(await hitsIn('default'))
      const again = await home.run(['export', '--out', out, '--corpus', `from/${out}`])
      expect([again.code, again.stderr]).to.satisfy(
        ([code, said]: [number, string]) => code !== 0 && said.includes(out),
      )
    })

  for (const packing of ['gzip', 'zstd'])
    it(`leaves what a run embeds packed with ${packing}`, async () => {
      const [dir, corpus] = [`left-${packing}`, `own/${packing}`]
      await home.ok('ingest', '--dir', CORPUS, '--corpus', corpus, '--msgpack-out', dir, '--quiet')
      await home.ok('replay', '--glob', `${dir}/*.msgpack*`, '--corpus', `back/${packing}`, '--quiet')
      expect(await hitsIn(`back/${packing}`)).to.deep.equal(await hitsIn(corpus))
    })

  it('writes lines of JSON', async () => {
    const {files} = await home.json<ExportJson>(
      'export',
      '--out',
      'lines',
      '--format',
      'jsonl',
      '--no-vectors',
    )
    const lines = files.flatMap(({file}) =>
      readFileSync(home.path(path.join('lines', path.basename(file))), 'utf8')
        .trim()
        .split('\n'),
    )
    expect(lines.every((line) => typeof JSON.parse(line) === 'object')).to.equal(true)
    expect(readdirSync(home.path('lines')).some((name) => name.includes('manifest'))).to.equal(true)
  })

  it('is not taken for a backup', async () => {
    await home.ok('export', '--out', 'taken', '--quiet')
    // What keeps two commands apart that write to one folder is left there, as by any of them.
    const filesIn = (): string[] => readdirSync(home.path('taken')).filter((name) => !name.endsWith('.lock'))
    const kept = filesIn()
    for (const command of ['restore', 'backup']) {
      const {code, stderr} = await home.run([command, 'taken'])
      expect([command, code]).to.deep.equal([command, 4])
      expect(stderr).to.match(/taken is no backup but an export\. Nothing was changed\.\n.*rag replay --glob/)
    }
    expect(filesIn()).to.deep.equal(kept)
    await home.ok('export', '--out', 'taken', '--quiet')
  })

  it('says what is wrong with what it is asked for', async () => {
    const none = await home.run(['export', '--out', 'x', '--corpus', 'nobody'])
    expect([none.code, none.stdout]).to.deep.equal([4, ''])
    expect(none.stderr).to.match(/nobody/)
    home.write('full/notes.txt', 'mine')
    const full = await home.run(['export', '--out', 'full'])
    expect(full.code).to.not.equal(0)
    expect(full.stderr).to.match(/full/)
    expect(readdirSync(home.path('full'))).to.deep.equal(['notes.txt'])
  })
})
