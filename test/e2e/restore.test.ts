import {existsSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {expect} from 'chai'
import {withDatabase} from '../support/corpus-snapshot.js'
import {TempHome} from '../support/temp-home.js'

describe('rag restore', function () {
  this.timeout(60_000)
  let home: TempHome
  beforeEach(async () => {
    home = new TempHome('restore')
    for (const corpus of ['a', 'b'])
      await home.ok('docs', 'upsert', '--corpus', corpus, '--doc-id', 'd', '--text', `text of ${corpus}`)
    await home.ok('backup', 'copy', '--corpus', 'a')
  })
  afterEach(() => home.remove())

  const corpora = async (): Promise<string[]> =>
    (await home.json<{corpora: {corpus: string}[]}>('corpus', 'list')).corpora.map(({corpus}) => corpus)

  it('takes no other corpus away by a backup of one, unless told so', async () => {
    for (const more of [[], ['--dry-run']]) {
      const ran = await home.run(['restore', 'copy', ...more])
      expect(ran.code, ran.stderr).to.equal(2)
      expect(ran.stderr).to.match(/backup of the corpus "a" alone\. The store would lose "b"\. Nothing was/)
      expect(ran.stderr).to.contain('--into NEW')
    }
    expect(await corpora()).to.deep.equal(['a', 'b'])
    const kept = await home.json<{kept_old: string}>('restore', 'copy', '--keep-old')
    expect(await corpora()).to.deep.equal(['a'])
    await home.ok('restore', kept.kept_old)
    expect(await corpora()).to.deep.equal(['a', 'b'])
    await home.ok('restore', 'copy', '--force')
    expect(await corpora()).to.deep.equal(['a'])
  })

  it('keeps an old store with damaged texts as it is; one that can not be copied is told so, and nothing changes', async () => {
    await home.ok('backup', 'all')
    withDatabase(home.data, (db) => db.exec("UPDATE chunks SET text = text || '!'"))
    const again = await home.run(['backup', 'all', '--force'])
    expect([again.code, again.stderr]).to.deep.equal([5, again.stderr])
    expect(again.stderr).to.match(
      /is not what was stored: a: d#c0001, b: d#c0001, chunks 1 and 1 more\. The backup from before/,
    )
    const kept = await home.json<{kept_old: string}>('restore', 'all', '--keep-old')
    expect(existsSync(kept.kept_old)).to.equal(true)
    await home.ok('backup', 'all')
    withDatabase(home.data, (db) => {
      db.pragma('foreign_keys = OFF')
      db.exec('DELETE FROM documents WHERE id = (SELECT min(id) FROM documents)')
    })
    const ran = await home.run(['restore', 'all', '--keep-old'])
    expect(ran.code, ran.stderr).to.equal(5)
    expect(ran.stderr).to.match(/--keep-old can't make a copy .* damaged.*Nothing was restored/)
    expect(ran.stderr).to.contain('--into NEW')
    await home.ok('restore', 'all')
    await home.ok('verify')
  })

  it('that was killed leaves files that verify names, and its repair removes, and nothing else', async () => {
    for (const file of ['rag.db', 'rag.db-wal', '.rag.db.0.999999.1.tmp'])
      home.write(`data/restore/${file}`, 'half')
    home.write('data/restore/mine.txt', 'mine')
    const found = await home.json<{findings: {code: string; where: string; fix: string}[]}>('verify')
    expect(found.findings.map(({code, where}) => [code, where])).to.deep.include([
      'FILE_LEFT_OVER',
      'restore/rag.db',
    ])
    expect(found.findings[0]!.fix).to.contain('or the next restore')
    expect((await home.ok('verify', '--repair')).stdout).to.contain('left over from a restore were removed')
    expect(existsSync(home.path('data/restore/rag.db'))).to.equal(false)
    expect(existsSync(home.path('data/restore/mine.txt'))).to.equal(true)
    expect((await home.json<{findings: unknown[]}>('verify')).findings).to.deep.equal([])
  })

  it('and what writes, leave what is not of the store where it lies', async () => {
    const foreign = ['restore/notes.txt', 'restore/sub/x.txt', 'models/a/my.bin', 'indexes/a/my.bin']
    for (const file of foreign) home.write(`there/${file}`, 'mine')
    await home.ok('restore', 'copy', '--into', 'there')
    await home.ok('docs', 'upsert', '--corpus', 'a', '--doc-id', 'e', '--text', 'more', '--data-dir', 'there')
    await home.ok('verify', '--repair', '--data-dir', 'there')
    await home.ok('corpus', 'delete', 'a', '--yes', '--data-dir', 'there')
    for (const file of foreign) expect(existsSync(home.path(`there/${file}`)), file).to.equal(true)
  })

  it('does not restore into the backup itself, nor into a folder without a name', async () => {
    const inside = await home.run(['restore', 'copy', '--force'], {
      env: {INDEX_DIR: home.path('copy/indexes')},
    })
    expect([inside.code, inside.stderr]).to.deep.equal([2, inside.stderr])
    expect(inside.stderr).to.match(/copy\/indexes lies in the backup/)
    for (const into of ['copy', 'copy/data', 'copy/data/new', '']) {
      const ran = await home.run(['restore', 'copy', '--into', into])
      expect(ran.code, into).to.equal(2)
      expect(ran.stderr).to.match(/--into NEW/)
    }
    symlinkSync('copy', home.path('link'))
    expect((await home.run(['restore', 'copy', '--into', 'link/store'])).code).to.equal(2)
    await home.ok('restore', 'copy', '--dry-run', '--force')
  })

  it('a backup takes nothing away that is not of one, also with --force', async () => {
    home.write('theirs/manifest.json', '{"name": "my extension"}')
    home.write('theirs/data/photo.jpg', 'mine')
    expect((await home.run(['backup', 'theirs'])).code).to.equal(5)
    expect((await home.run(['backup', 'theirs', '--force'])).code).to.equal(2)
    expect(existsSync(home.path('theirs/.rag-backup.lock'))).to.equal(false)
    home.write('locked/.rag-backup.lock', '')
    home.write('locked/notes.txt', 'mine')
    expect((await home.run(['backup', 'locked'])).code).to.equal(2)
    home.write('cut/.rag-backup.lock', '')
    home.write('cut/data/mine.txt', 'mine')
    await home.ok('backup', 'cut')
    for (const file of ['theirs/data/photo.jpg', 'locked/notes.txt', 'cut/data/mine.txt'])
      expect(readFileSync(home.path(file), 'utf8'), file).to.equal('mine')
    expect(readFileSync(home.path('theirs/manifest.json'), 'utf8')).to.contain('my extension')
    const manifest = readFileSync(home.path('copy/manifest.json'), 'utf8')
    writeFileSync(home.path('copy/manifest.json'), manifest.slice(0, -40))
    expect((await home.run(['backup', 'copy', '--corpus', 'a'])).code).to.equal(5)
    await home.ok('backup', 'copy', '--corpus', 'a', '--force')
    expect((await home.run(['backup', 'cut/data/mine.txt'])).code).to.equal(2)
  })

  it('puts a backup of one corpus in the place of a store that holds that alone', async () => {
    await home.ok('corpus', 'delete', 'b', '--yes')
    await home.ok('docs', 'delete', 'd', '--corpus', 'a')
    await home.ok('restore', 'copy')
    expect((await home.run(['docs', 'show', 'd', '--corpus', 'a'])).code).to.equal(0)
  })
})
