import {existsSync, linkSync, lstatSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {isPrometheusText} from '../../src/cli/output/own-file.js'
import {bytesOf, TempHome} from '../support/temp-home.js'

describe('a file that a flag names to be written', function () {
  this.timeout(120_000)
  let home: TempHome
  before(async () => {
    home = new TempHome('own-files')
    home.write('kb/a.md', '# Leave\n\nEvery employee has thirty days of sick leave.\n')
    await home.ok('ingest', '--dir', 'kb')
    home.write('notes.txt', 'what I wrote for years\n')
    home.write('data/config.json', '{}\n')
    symlinkSync(home.path('data/rag.db'), home.path('link.prom'))
    linkSync(home.path('data/rag.db'), home.path('hard.prom'))
    symlinkSync(home.path('data'), home.path('folder'))
  })
  after(() => home.remove())

  const NEVER = [
    'data/rag.db',
    'data/rag.db-wal',
    'data/cache.db',
    'data/config.json',
    'data/indexes/x',
    'link.prom',
    'hard.prom',
    'folder/cache.db',
    'notes.txt',
    'kb',
  ]

  for (const [flag, argv] of [
    ['--metrics', ['ingest', '--dir', 'kb', '--force']],
    ['--state-file', ['replay', '--glob', 'none/*.msgpack']],
  ] as const)
    it(`${flag} replaces nothing of another kind, nor anything of the store, by whatever name`, async () => {
      const before = bytesOf(home.folder)
      for (const file of NEVER) {
        const {code, stderr} = await home.run([...argv, flag, file])
        expect([code, file], stderr).to.deep.equal([2, file])
        expect(stderr).to.contain(`${flag} FILE`)
      }
      expect(bytesOf(home.folder)).to.deep.equal(before)
    })

  it('is written when it is new, empty, or of its kind; a link to it stays one', async () => {
    writeFileSync(home.path('m.prom'), '')
    symlinkSync(home.path('m.prom'), home.path('to-m.prom'))
    for (let run = 0; run < 2; run++) await home.ok('ingest', '--dir', 'kb', '--metrics', 'to-m.prom')
    expect(lstatSync(home.path('to-m.prom')).isSymbolicLink()).to.equal(true)
    const text = readFileSync(home.path('m.prom'), 'utf8')
    expect(text).to.contain('rag_last_run_success')
    expect(isPrometheusText(text)).to.equal(true)
    await home.ok('ingest', '--dir', 'kb', '--metrics', path.join('data', 'mine.prom'))
    expect(existsSync(home.path('data/mine.prom'))).to.equal(true)
  })

  it('is told by what it holds', () => {
    expect(isPrometheusText('# HELP x y\n# TYPE x gauge\nx{a="b"} 1\n')).to.equal(true)
    expect(isPrometheusText('up 1\n')).to.equal(true)
    for (const text of [
      '# Notes\n\nSome words here\n',
      'SQLite format 3\0',
      '{"a": 1}\n',
      '# a comment alone\n',
    ])
      expect(isPrometheusText(text), text).to.equal(false)
  })
})
