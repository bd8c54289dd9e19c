import {createHash} from 'node:crypto'
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {bytesOf, filesBelow, TempHome} from '../support/temp-home.js'

const SQL: Readonly<Record<string, string>> = {
  'a trigger': 'CREATE TRIGGER evil AFTER INSERT ON documents BEGIN DELETE FROM chunks; END',
  'a view': 'CREATE VIEW evil AS SELECT * FROM chunks',
  'a table': 'CREATE TABLE evil (a)',
  'an index that calls a function': 'CREATE INDEX evil ON chunks (hex(text))',
}

describe('a backup that somebody has changed, hashes and all', function () {
  this.timeout(120_000)
  let home: TempHome
  let backups = 0
  before(async () => {
    home = new TempHome('hostile')
    home.write('kb/a.md', '# Leave\n\nEvery employee has thirty days of sick leave.\n')
    await home.ok('ingest', '--dir', 'kb')
  })
  after(() => home.remove())

  async function changed(sql: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    const dir = home.path(`backup-${backups++}`)
    await home.ok('backup', dir)
    const file = filesBelow(dir).find(
      (one) => readFileSync(one).subarray(0, 15).toString() === 'SQLite format 3',
    )!
    const db = new Database(file)
    db.pragma('journal_mode = DELETE')
    db.exec(sql)
    db.close()
    const sha256 = (of: string | Buffer): string => createHash('sha256').update(of).digest('hex')
    const bytes = readFileSync(file)
    const manifest = path.join(dir, 'manifest.json')
    const json = JSON.parse(readFileSync(manifest, 'utf8')) as {files: Record<string, unknown>[]}
    const entry = json.files.find((one) => String(one['file']).endsWith(path.basename(file)))!
    Object.assign(entry, more)
    for (const key of Object.keys(entry)) {
      if (/sha256/i.test(key)) entry[key] = sha256(bytes)
      if (/size|bytes/i.test(key)) entry[key] = bytes.length
    }
    delete (json as {sha256?: string}).sha256
    writeFileSync(manifest, JSON.stringify({...json, sha256: sha256(JSON.stringify(json))}))
    return dir
  }

  for (const [what, sql] of Object.entries(SQL))
    it(`is refused for ${what}, and the store stays as it is`, async () => {
      const dir = await changed(sql)
      const before = bytesOf(home.data)
      for (const into of [['--force'], ['--into', home.path('new')]]) {
        const {code, stderr} = await home.run(['restore', dir, ...into])
        expect(code, stderr).to.equal(5)
        expect(stderr).to.match(/"evil" is not made by rag/)
      }
      expect(bytesOf(home.data)).to.deep.equal(before)
    })

  it('is refused when it names files outside of its folder', async () => {
    for (const more of [
      {name: '../../evil'},
      {file: '/etc/passwd'},
      {file: 'data/../../x'},
      {name: 'a\\..\\b'},
    ]) {
      const {code, stderr} = await home.run(['restore', await changed('SELECT 1', more), '--force'])
      expect([code, more], stderr).to.deep.equal([5, more])
      expect(stderr).to.contain('leads out of its folder')
    }
  })

  it('is found by verify where it was copied in by hand, and not written', async () => {
    const db = new Database(home.path('data/rag.db'))
    db.exec(SQL['a trigger']!)
    db.close()
    const verify = await home.run(['verify', '--json'])
    expect(verify.code).to.equal(5)
    expect(verify.stdout).to.contain('the trigger \\"evil\\" is not made by rag')
    const {code, stderr} = await home.run(['docs', 'upsert', '--doc-id', 'x', '--text', 'y'])
    expect(code, stderr).to.equal(5)
    expect(stderr).to.contain('rag verify').and.to.contain('rag restore')
    expect(await home.found('sick leave')).to.deep.equal(['a.md'])
    const out = await home.run(['export', '--out', home.path('out')])
    expect(out.code, out.stderr).to.equal(0)
  })
})
