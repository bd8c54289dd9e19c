import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, rmSync, symlinkSync} from 'node:fs'
import {expect} from 'chai'
import {TempHome} from '../support/temp-home.js'

describe('which files rag ingest takes, by the real binary', function () {
  this.timeout(60_000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('which-files')
  })
  afterEach(() => home.remove())

  const ids = async (): Promise<string[]> => {
    const {documents} = await home.json<{documents: {doc_id: string}[]}>('docs', 'list')
    return documents.map(({doc_id}) => doc_id).sort()
  }
  const prune = ['ingest', '--dir', 'kb', '--prune']
  const watch = ['watch', '--dir', 'kb', '--once']

  it('a folder that can not be looked into stops nothing, and nothing below it is deleted', async () => {
    home.writeAll({'kb/open/one.md': '# One\n\nfirst\n', 'kb/shut/deep/two.md': '# Two\n\nsecond\n'})
    await home.ok('ingest', '--dir', 'kb')
    home.write('kb/open/three.md', '# Three\n\nthird\n')
    rmSync(home.path('kb/open/one.md'))
    rmSync(home.path('kb/shut'), {recursive: true})
    symlinkSync('shut', home.path('kb/shut'))
    for (const argv of [prune, watch]) {
      const ran = await home.run(argv)
      expect(ran.code, ran.stderr).to.equal(3)
      expect(ran.stderr).to.contain("shut: the link can't be followed: its links lead in a circle.")
      expect(await ids()).to.deep.equal(['open/three.md', 'shut/deep/two.md'])
    }
  })

  it('a folder without the right to read it is kept as it was stored', async function () {
    if (process.getuid?.() === 0) {
      console.log('      skipped: root may read every folder')
      return this.skip()
    }
    home.writeAll({
      'kb/kept.md': '# Kept\n\nthird\n',
      'kb/one.md': '# One\n\nfirst\n',
      'kb/shut/two.md': '# Two\n\nsecond\n',
    })
    await home.ok('ingest', '--dir', 'kb')
    rmSync(home.path('kb/one.md'))
    // Entries can be looked up by name, but not listed.
    for (const mode of [0o000, 0o300]) {
      chmodSync(home.path('kb/shut'), mode)
      const ran = await home.run(prune)
      chmodSync(home.path('kb/shut'), 0o700)
      expect(ran.code, ran.stderr).to.equal(3)
      expect(ran.stderr).to.contain("shut: the folder can't be read: permission denied.")
      expect(await ids()).to.deep.equal(['kept.md', 'shut/two.md'])
    }
  })

  it('a file that became something else is gone', async () => {
    const names = ['folder', 'pipe', 'nowhere', 'outside', 'kept']
    for (const name of names) home.write(`kb/${name}.md`, `# ${name}\n\nlorry ${name}\n`)
    home.write('elsewhere.md', '# Elsewhere\n')
    await home.ok('ingest', '--dir', 'kb')
    for (const name of names.slice(0, 4)) rmSync(home.path(`kb/${name}.md`))
    mkdirSync(home.path('kb/folder.md'))
    execFileSync('mkfifo', [home.path('kb/pipe.md')])
    symlinkSync('not-there', home.path('kb/nowhere.md'))
    symlinkSync('../elsewhere.md', home.path('kb/outside.md'))
    const ran = await home.run(prune)
    expect(ran.code, ran.stderr).to.equal(3)
    expect(await ids()).to.deep.equal(['kept.md'])
  })

  it('what rules leave out from now on is told, and goes with --prune; watch does not know by what rules it came, and keeps it', async () => {
    home.writeAll({
      'kb/open.md': '# Open\n\npublicword\n',
      'kb/pay/a.md': '# Pay\n\nsalaryword\n',
      'kb/old/b.md': '# Old\n\noldword\n',
    })
    await home.ok('ingest', '--dir', 'kb')
    home.write('kb/.ragignore', 'pay/\n')
    const told = await home.json('ingest', '--dir', 'kb')
    expect(told.documents).to.include({deleted: 0, unchanged: 2})
    expect(told.notes).to.deep.equal([
      '1 document that rules leave out now: still searchable (pay/a.md); rag ingest --prune removes them.',
    ])
    const plan = await home.json<{delete: string[]}>(...prune, '--dry-run')
    expect(plan.delete).to.deep.equal(['pay/a.md'])
    const pruned = await home.json(...prune)
    expect(pruned.notes).to.deep.equal(['1 document that rules leave out now: removed (pay/a.md).'])
    expect(await home.found('salaryword', '--mode', 'keyword')).to.deep.equal([])
    home.write('kb/.ragignore', 'pay/\nold/\n')
    const ran = await home.run(watch)
    expect(ran.code, ran.stderr).to.equal(0)
    expect(await ids()).to.deep.equal(['old/b.md', 'open.md'])
    rmSync(home.path('kb/old/b.md'))
    await home.ok(...watch)
    expect(await ids()).to.deep.equal(['open.md'])
  })
})
