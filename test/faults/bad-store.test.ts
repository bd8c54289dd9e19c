import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {inspectStore, snapshotCorpus} from '../support/corpus-snapshot.js'
import {runRag} from '../support/run-rag.js'
import {SeededText, seededNumbers} from '../support/seeded-text.js'
import {SmallDisk} from '../support/small-disk.js'
import {bytesOf, filesBelow, TempHome} from '../support/temp-home.js'

const isRoot = process.getuid?.() === 0
const MODES = ['keyword', 'vector', 'hybrid']

describe('a store that can not be used as it is', function () {
  this.timeout(240_000)
  let home: TempHome
  beforeEach(async () => {
    home = new TempHome('store')
    home.write('kb/apples.md', '# Apples\n\nApples and pears and apples.\n')
    home.write('kb/plums.md', '# Plums\n\nPlums and pears and plums.\n')
  })
  afterEach(() => home.remove())

  /** Each command must fail with the code, name the place, and leave every byte as it was. */
  async function refuses(place: string, code: number, says: RegExp): Promise<void> {
    const before = bytesOf(home.data)
    for (const argv of [
      ['search', 'apples'],
      ['status'],
      ['docs', 'list'],
      ['ingest', '--dir', 'kb'],
      ['ingest', '--dir', 'kb', '--dry-run'],
      ['docs', 'upsert', '--doc-id', 'x', '--text', 'x'],
      ['corpus', 'delete', 'default', '--yes'],
    ]) {
      const ran = await home.run(argv)
      expect(ran.code, `${argv.join(' ')}: ${ran.stderr}`).to.equal(code)
      expect(ran.stdout, argv.join(' ')).to.equal('')
      expect(ran.stderr, argv.join(' ')).to.contain(place).and.match(says)
    }
    expect(bytesOf(home.data)).to.deep.equal(before)
  }

  it('a data dir that is a file: exit 1', async () => {
    writeFileSync(home.data, 'I am a file.\n')
    await refuses(home.data, 1, /is a file, not a folder/)
    expect(readFileSync(home.data, 'utf8')).to.equal('I am a file.\n')
  })

  it('a store of a newer version: exit 8', async () => {
    await home.ok('ingest', '--dir', 'kb')
    const db = new Database(path.join(home.data, 'rag.db'))
    db.pragma('journal_mode = DELETE')
    db.pragma('user_version = 99')
    db.close()
    await refuses(home.data, 8, /format 99/)
  })

  it('a database that is rubbish, or of another program: exit 5 and 1', async () => {
    mkdirSync(home.data)
    const random = seededNumbers(5)
    writeFileSync(
      path.join(home.data, 'rag.db'),
      Buffer.from(Array.from({length: 8192}, () => 256 * random())),
    )
    await refuses(home.data, 5, /damaged or not a rag store/)
    rmSync(path.join(home.data, 'rag.db'))
    const db = new Database(path.join(home.data, 'rag.db'))
    db.exec('CREATE TABLE others (id INTEGER)')
    db.close()
    await refuses(home.data, 1, /another program/)
  })

  it('a database that was emptied: exit 5, and what was made from it stays', async () => {
    await home.ok('ingest', '--dir', 'kb')
    for (const end of ['-wal', '-shm']) rmSync(path.join(home.data, `rag.db${end}`), {force: true})
    truncateSync(path.join(home.data, 'rag.db'))
    await refuses(home.data, 5, /is empty.*index and model files are untouched/s)
    const before = bytesOf(home.data)
    for (const argv of [['verify'], ['verify', '--repair'], ['backup', 'copy'], ['ask', 'apples']]) {
      const ran = await home.run([...argv, '--json'])
      expect(ran.code, argv.join(' ')).to.equal(5)
      expect(ran.stdout, argv.join(' ')).to.match(/is empty.*index and model files are untouched/)
    }
    expect(bytesOf(home.data)).to.deep.equal(before)
  })

  it('a database that was emptied, but not its log: exit 5, and the log stays', async () => {
    mkdirSync(home.data)
    writeFileSync(path.join(home.data, 'rag.db'), '')
    writeFileSync(path.join(home.data, 'rag.db-wal'), 'what was committed last')
    await refuses(home.data, 5, /rag\.db-wal lies beside it/)
  })

  it('a database without tables beside index files: exit 5; without them: none yet, and the next ingest makes it', async () => {
    await home.ok('ingest', '--dir', 'kb')
    const file = path.join(home.data, 'rag.db')
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, {force: true})
    const db = new Database(file)
    db.pragma('user_version = 0')
    db.exec('VACUUM')
    db.close()
    await refuses(home.data, 5, /is empty/)
    for (const folder of ['indexes', 'models'])
      rmSync(path.join(home.data, folder), {recursive: true, force: true})
    // The witness of commits knows that there was a store.
    rmSync(`${file}-commits`)
    for (const empty of [false, true]) {
      if (empty) truncateSync(file)
      const before = bytesOf(home.data)
      for (const argv of [['status'], ['verify'], ['search', 'apples'], ['docs', 'delete', 'x']])
        expect((await home.run(argv)).code, argv.join(' ')).to.equal(4)
      expect(bytesOf(home.data)).to.deep.equal(before)
    }
    await home.ok('ingest', '--dir', 'kb')
    await home.ok('verify')
  })

  it('a new database beside the index files of one that is gone: verify names them, and removes none', async () => {
    await home.ok('ingest', '--dir', 'kb')
    for (const end of ['', '-wal', '-shm', '-commits'])
      rmSync(path.join(home.data, `rag.db${end}`), {force: true})
    await home.ok('docs', 'upsert', '--doc-id', 'x', '--text', 'x', '--corpus', 'other')
    await home.ok('corpus', 'delete', 'other', '--yes')
    const made = (): string[] =>
      ['indexes', 'models'].flatMap((folder) => filesBelow(path.join(home.data, folder)))
    const before = made()
    expect(before).not.to.have.length(0)
    const ran = await home.run(['verify', '--repair'])
    expect([ran.code, made()], ran.stdout).to.deep.equal([0, before])
    expect(ran.stdout).to.contain('FILE_LEFT_OVER').and.contain('the store knows no corpus at all')
  })

  it('a database with damaged pages: never a crash, never a made-up answer', async () => {
    const text = new SeededText(2, 96)
    for (let i = 0; i < 30; i++) home.write(`kb/d${i}.md`, `# Part ${i}\n\n${text.document(i % 4, 8, 13)}`)
    await home.ok('ingest', '--dir', 'kb', '--chunk-size', '24', '--chunk-overlap', '0')
    const db = new Database(path.join(home.data, 'rag.db'))
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
    const whole = readFileSync(path.join(home.data, 'rag.db'))
    const random = seededNumbers(9)
    const codes = new Map<string, number>()
    for (let round = 0; round < 12; round++) {
      const bytes = Buffer.from(whole)
      const page = 4096 * (1 + Math.floor(random() * (bytes.length / 4096 - 1)))
      for (let i = 0; i < 200; i++) bytes[page + Math.floor(random() * 4096)] = Math.floor(random() * 256)
      writeFileSync(path.join(home.data, 'rag.db'), bytes)
      const argv = round % 3 === 0 ? ['ingest', '--dir', 'kb', '--force'] : ['search', text.words[round]!]
      const ran = await home.run([...argv, '--json'])
      expect(ran.signal, ran.stderr).to.equal(undefined)
      const {error} = JSON.parse(ran.stdout) as {error?: {code: string; message: string}}
      // The page with the counts of commits may be the damaged one.
      if (error) expect(error.code, JSON.stringify(error)).to.be.oneOf(['STORE_DAMAGED', 'COMMITS_LOST'])
      const outcome = `${argv[0]} ${error?.code ?? 'ok'}`
      codes.set(outcome, (codes.get(outcome) ?? 0) + 1)
    }
    console.log(`      ${[...codes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`)
  })

  it('a store on a read-only file system is searched, and refuses to be written', async function () {
    SmallDisk.skipWithout(this)
    await home.ok('ingest', '--dir', 'kb')
    await SmallDisk.with(8192, async (disk) => {
      const data = path.join(disk.folder, 'data')
      cpSync(home.data, data, {recursive: true})
      disk.makeReadOnly()
      for (const mode of MODES) {
        const ran = await runRag(['search', 'apples', '--mode', mode], {dataDir: data})
        expect([ran.code, ran.stderr], mode).to.deep.equal([0, ''])
        expect(ran.stdout).to.contain('apples.md')
      }
      for (const argv of [
        ['ingest', '--dir', home.path('kb')],
        ['docs', 'upsert', '--doc-id', 'x', '--text', 'x'],
        ['docs', 'delete', 'apples.md'],
      ]) {
        const ran = await runRag([...argv, '--json'], {dataDir: data})
        expect(ran.code, ran.stdout).to.equal(1)
        expect(ran.stdout, argv.join(' ')).to.contain('STORE_READ_ONLY').and.contain(data)
      }
    })
  })

  it('a store of another user is searched as far as its rights go, and refuses to be written', async function () {
    if (!isRoot) {
      console.log('      skipped: only root can be another user')
      return this.skip()
    }
    await home.ok('ingest', '--dir', 'kb')
    chmodSync(home.folder, 0o755)
    const under = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
    const ran = await home.run(['ingest', '--dir', 'kb', '--json'], {under})
    expect(ran.code, ran.stdout).to.equal(1)
    expect(ran.stdout).to.match(/STORE_READ_ONLY|STORE_UNUSABLE/)
    const search = await home.run(['search', 'apples', '--json'], {under})
    expect(search.code, search.stdout).to.equal(0)
    expect(search.stdout).to.contain('apples.md')
    const made = await home.run(['ingest', '--dir', 'kb', '--json'], {under, dataDir: '/nowhere/data'})
    expect(made.code).to.equal(1)
    expect(made.stdout).to.contain('/nowhere')
    chownSync(home.data, 65_534, 65_534)
  })
})

describe('index and model files that are damaged', function () {
  this.timeout(240_000)
  let home: TempHome
  let query: string
  let expected: Map<string, string[]>
  before(async () => {
    home = new TempHome('damage')
    const text = new SeededText(6, 96)
    for (let i = 0; i < 150; i++) home.write(`kb/d${i}.md`, `# Part ${i}\n\n${text.document(i % 9, 15, 13)}`)
    await home.ok('ingest', '--dir', 'kb', '--chunk-size', '24', '--chunk-overlap', '0')
    query = text.words.slice(0, 3).join(' ')
    expected = new Map()
    for (const mode of MODES) expected.set(mode, await ids(mode))
    expect(segments().length).to.be.at.least(1)
  })
  after(() => home.remove())

  const segments = (): string[] =>
    filesBelow(path.join(home.data, 'indexes')).filter((file) => /\.hnsw$/.test(file))
  const models = (): string[] =>
    filesBelow(path.join(home.data, 'models')).filter((file) => /\.lsa$/.test(file))

  async function search(
    mode: string,
  ): Promise<{hits: {chunk_id: string}[]; degraded: boolean; notes: string[]}> {
    return home.json('search', query, '--mode', mode, '--no-cache')
  }

  async function ids(mode: string): Promise<string[]> {
    return (await search(mode)).hits.map((hit) => hit.chunk_id)
  }

  const harm: Readonly<Record<string, (file: string) => void>> = {
    'cut short': (file) => truncateSync(file, 1000),
    gone: (file) => rmSync(file),
    'one bit flipped': (file) => {
      const bytes = readFileSync(file)
      bytes[Math.floor(bytes.length * 0.6)]! ^= 8
      writeFileSync(file, bytes)
    },
    'other bytes of the same length': (file) =>
      writeFileSync(file, Buffer.alloc(readFileSync(file).length, 0x5a)),
  }

  for (const [how, act] of Object.entries(harm)) {
    it(`segment ${how}: the same hits, degraded and said so; the next ingest builds it anew, embedding nothing`, async () => {
      act(segments()[0]!)
      for (const mode of ['vector', 'hybrid']) {
        const report = await search(mode)
        expect(report.degraded, mode).to.equal(true)
        expect(report.notes.join(), mode).to.match(/Index segment/)
        expect(
          report.hits.map((hit) => hit.chunk_id),
          mode,
        ).to.deep.equal(expected.get(mode))
      }
      const report = await home.json('ingest', '--dir', 'kb')
      expect([report.cache.embed_hits, report.cache.embed_misses]).to.deep.equal([0, 0])
      expect(report.checkpoints).to.equal(1)
      const whole = await search('vector')
      expect(whole.degraded).to.equal(false)
      expect(whole.hits.map((hit) => hit.chunk_id)).to.deep.equal(expected.get('vector'))
      expect(inspectStore(home.data).faults).to.deep.equal([])
    })

    it(`model ${how}: keyword search answers, said so; the next ingest learns the same model again`, async () => {
      act(models()[0]!)
      const vector = await home.run(['search', query, '--mode', 'vector', '--json', '--no-cache'])
      if (how === 'one bit flipped' && vector.code === 0)
        console.log('      (the query needs none of the flipped bytes)')
      else {
        expect(vector.code, vector.stdout).to.equal(5)
        expect(vector.stdout).to.contain('MODEL_DAMAGED')
        const hybrid = await search('hybrid')
        expect(hybrid.degraded).to.equal(true)
        expect(hybrid.hits.map((hit) => hit.chunk_id)).to.deep.equal(expected.get('keyword'))
      }
      const ran = await home.ok('ingest', '--dir', 'kb')
      expect(ran.stderr).to.match(/model file .* damaged/)
      expect(await ids('hybrid')).to.deep.equal(expected.get('hybrid'))
      expect(inspectStore(home.data).faults).to.deep.equal([])
    })
  }
})
