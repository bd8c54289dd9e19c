import {chmodSync, cpSync, existsSync, readdirSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {stampRows} from '../support/change-store.js'
import type {RanRag} from '../support/run-rag.js'
import {SeededText} from '../support/seeded-text.js'
import {SmallDisk} from '../support/small-disk.js'
import {TempHome} from '../support/temp-home.js'

/** More than the least size of a segment, so that there is an index file to be read, too. */
const DOCUMENTS = 290

interface Answer {
  readonly degraded: boolean
  readonly hits: readonly {readonly chunk_id: string; readonly score: number}[]
}

describe('a store that cannot be written', function () {
  this.timeout(90_000)
  const text = new SeededText(5, 96)
  const QUERY = text.words.slice(0, 3).join(' ')
  let home: TempHome
  let disk: SmallDisk | undefined
  before(async function () {
    SmallDisk.skipWithout(this)
    home = new TempHome('read-only')
    for (let i = 0; i < DOCUMENTS; i++)
      home.write(`docs/d${i}.md`, `# Part ${i}\n\n${text.document(i % 20, 15, 13)}`)
    await home.ok('ingest', '--dir', 'docs', '--chunk-size', '24', '--chunk-overlap', '0')
    expect(readdirSync(path.join(home.data, 'indexes/default/v1')).length).to.be.at.least(1)
  })
  after(() => home?.remove())
  afterEach(() => {
    disk?.remove()
    disk = undefined
  })

  const orphans = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('rag-read-only-'))

  async function answersOf(dataDir: string, under: readonly string[] = []): Promise<unknown[]> {
    const ask = async (mode: string): Promise<unknown> => {
      const ran = await home.run(['search', QUERY, '--mode', mode, '--json'], {dataDir, under})
      expect(ran.code, ran.stderr + ran.stdout).to.equal(0)
      const {degraded, hits} = JSON.parse(ran.stdout) as Answer
      return [mode, degraded, hits.map(({chunk_id, score}) => [chunk_id, score])]
    }
    return [await ask('keyword'), await ask('vector'), await ask('hybrid')]
  }

  async function isAsGood(dataDir: string, under: readonly string[] = []): Promise<void> {
    const before = orphans()
    expect(await answersOf(dataDir, under)).to.deep.equal(await answersOf(home.data))
    for (const argv of [['status'], ['corpus', 'show'], ['docs', 'show', 'd1.md', '--chunks']]) {
      const ran: RanRag = await home.run(argv, {dataDir, under})
      expect(ran.code, `${argv.join(' ')}: ${ran.stderr}`).to.equal(0)
    }
    expect(orphans()).to.deep.equal(before)
    const refused = await home.run(['docs', 'upsert', '--doc-id', 'x', '--text', 'x', '--json'], {
      dataDir,
      under,
    })
    expect(refused.code).to.equal(1)
    expect((JSON.parse(refused.stdout) as {error: {code: string}}).error.code).to.equal('STORE_READ_ONLY')
  }

  /** As a clean end of the last writer leaves it: readers, who may come later, leave an empty log behind. */
  function copyStore(to: string): void {
    cpSync(home.data, to, {recursive: true, filter: (file) => !/-(wal|shm)$/.test(file)})
  }

  function onReadOnlyDisk(prepare: (dataDir: string) => void = () => undefined): string {
    disk = new SmallDisk(256 * 1024)
    const dataDir = path.join(disk.folder, 'data')
    copyStore(dataDir)
    prepare(dataDir)
    disk.makeReadOnly()
    return dataDir
  }

  it('answers as ever on a read-only disk, after a clean end of the last writer', async () => {
    const dataDir = onReadOnlyDisk()
    expect(existsSync(path.join(dataDir, 'rag.db-wal'))).to.equal(false)
    await isAsGood(dataDir)
  })

  it('sees the commits that a killed writer left in the log', async () => {
    const dataDir = onReadOnlyDisk((dir) => {
      const file = path.join(dir, 'rag.db')
      const db = new Database(file)
      db.pragma('wal_autocheckpoint = 0')
      db.prepare("UPDATE documents SET title = 'Moved' WHERE doc_id = 'd1.md'").run()
      stampRows(db)
      for (const end of ['', '-wal']) cpSync(file + end, `${file}.copy${end}`)
      db.close()
      for (const end of ['', '-wal']) cpSync(`${file}.copy${end}`, file + end)
      expect(statSync(`${file}-wal`).size).to.be.greaterThan(0)
    })
    const shown = await home.run(['docs', 'show', 'd1.md', '--json'], {dataDir})
    expect(shown.code, shown.stderr).to.equal(0)
    expect((JSON.parse(shown.stdout) as {title: string}).title).to.equal('Moved')
    await isAsGood(dataDir)
  })

  it('answers where a damaged segment cannot be set aside', async () => {
    const dataDir = onReadOnlyDisk((dir) => {
      const folder = path.join(dir, 'indexes/default/v1')
      const file = path.join(folder, readdirSync(folder)[0]!)
      cpSync(path.join(dir, 'rag.db'), file)
    })
    const ran = await home.run(['search', QUERY, '--json'], {dataDir})
    expect(ran.code, ran.stderr).to.equal(0)
    expect((JSON.parse(ran.stdout) as Answer).degraded).to.equal(true)
  })

  it('says so when there is no room for the copy', async () => {
    const dataDir = onReadOnlyDisk()
    const small = new SmallDisk(256)
    try {
      const ran = await home.run(['search', QUERY], {dataDir, env: {TMPDIR: small.folder}})
      expect(ran.code).to.equal(1)
      expect(ran.stderr).to.contain('TMPDIR').and.to.contain('copy')
      expect(readdirSync(small.folder)).to.deep.equal([])
    } finally {
      small.remove()
    }
  })

  it("answers in another user's folder", async function () {
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    const dataDir = home.path('theirs')
    copyStore(dataDir)
    chmodSync(home.folder, 0o755)
    const able = await home.run(['--version'], {under: nobody})
    if (able.code !== 0) {
      console.log(`      skipped: can't run as nobody (${able.stderr.split('\n')[0]!})`)
      this.skip()
    }
    await isAsGood(dataDir, nobody)
  })
})
