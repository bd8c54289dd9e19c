import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {systemClock} from '../../../../src/lib/adapters/system/clock.js'
import {systemProcesses} from '../../../../src/lib/adapters/system/process-table.js'
import {openSqliteStore} from '../../../../src/lib/adapters/sqlite/open-store.js'
import {readLogFrames} from '../../../../src/lib/adapters/sqlite/witness/log-frames.js'
import {samplePages} from '../../../../src/lib/adapters/sqlite/witness/log-pages.js'
import {readCorpora, readHead, WitnessFile} from '../../../../src/lib/adapters/sqlite/witness/witness-file.js'
import {RECORD_BYTES, SLOTS} from '../../../../src/lib/adapters/sqlite/witness/witness-records.js'
import {describeLoss} from '../../../../src/lib/model/lost-commits.js'
import {corpusName} from '../../../../src/lib/model/names.js'
import type {Store} from '../../../../src/lib/ports/store/store.js'
import {openRag} from '../../../../src/lib/index.js'
import {rejects} from '../../../support/store-fixtures.js'

const SETTINGS = {model: 'lsa', chunkSize: 256, chunkOverlap: 32}
const MINE = 'a'.repeat(32)

describe('the witness of commits', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-witness-'))
    file = path.join(folder, 'rag.db')
  })
  afterEach(() => rmSync(folder, {recursive: true}))

  const open = (at = file): Promise<Store> =>
    openSqliteStore({path: at, clock: systemClock, processes: systemProcesses(), access: 'create'})
  const lost = async (at = file): Promise<unknown> => {
    const store = await open(at)
    const found = await store.lostCommits()
    await store.close()
    return found
  }
  /** Makes so many corpora, each a commit. */
  async function make(...names: string[]): Promise<void> {
    const store = await open()
    for (const name of names) await store.createCorpus(corpusName(name), SETTINGS as never)
    await store.close()
  }
  const keep = (name: string): void => cpSync(file, path.join(folder, name))
  const putBack = (name: string): void => cpSync(path.join(folder, name), file)

  it('counts what is reported, and not what changes nothing, nor leases', async () => {
    await make('one', 'two')
    expect(readHead(file)?.latest.number).to.equal(2)
    await make('one')
    const store = await open()
    const lease = await store.acquireLease('one', systemProcesses().self(), 'test')
    await store.releaseLease(lease)
    expect(readHead(file)?.latest.number).to.equal(2)
    const held = await store.acquireLease('one', systemProcesses().self(), 'test')
    const {id} = (await store.getCorpus(corpusName('one')))!
    await store.deleteCorpus(id, held)
    await store.close()
    expect(readHead(file)?.latest.number).to.equal(3)
    expect(readCorpora(file).map(({corpus, number}) => [corpus, number])).to.deep.equal([['one', 1]])
  })

  it('tells how many commits of which corpus are gone, until that is accepted', async () => {
    await make('one')
    keep('before')
    const store = await open()
    const {id} = (await store.getCorpus(corpusName('one')))!
    const lease = await store.acquireLease('one', systemProcesses().self(), 'test')
    await store.updateSettings(id, SETTINGS as never, lease)
    await store.raiseVersion(id, lease)
    await store.createCorpus(corpusName('two'), SETTINGS as never)
    await store.close()
    putBack('before')
    const behind = await open()
    const found = (await behind.lostCommits())!
    expect(found).to.deep.equal({commits: 3, corpora: [{corpus: 'one', commits: 2}]})
    expect(describeLoss(found)).to.equal('3 commits (2 of corpus one, 1 of conversations or the whole store)')
    expect(await behind.acceptLoss()).to.deep.equal(found)
    expect(await behind.lostCommits()).to.equal(undefined)
    await behind.close()
    expect(await lost()).to.equal(undefined)
    putBack('before')
    expect(await lost(), 'the next loss is noticed, too').to.deep.include({commits: 4})
  })

  it('is no reason for alarm when it is older, missing, damaged, or of another store', async () => {
    await make('one')
    const witness = `${file}-commits`
    cpSync(witness, path.join(folder, 'older'))
    await make('two')
    cpSync(path.join(folder, 'older'), witness)
    expect(await lost(), 'older: killed between commit and witness').to.equal(undefined)
    truncateSync(witness, 700)
    expect(await lost(), 'cut off').to.equal(undefined)
    writeFileSync(witness, Buffer.alloc(4096, 7))
    expect(await lost(), 'damaged').to.equal(undefined)
    rmSync(witness)
    expect(await lost(), 'missing').to.equal(undefined)
    const other = new WitnessFile(file, 'full')
    other.record({store: MINE, number: 99})
    other.close()
    expect(await lost(), 'of another store').to.equal(undefined)
    await make('three')
    expect(readHead(file)?.latest.number).to.equal(3)
  })

  it('is reason for alarm where the whole database is gone', async () => {
    await make('one', 'two')
    renameSync(file, path.join(folder, 'moved'))
    expect(await lost()).to.deep.equal({commits: 2, corpora: []})
    rmSync(file)
    writeFileSync(file, '')
    await rejects(open(), 'STORE_DAMAGED')
  })

  describe('of a writer that was killed while the log was copied to the database', () => {
    let killed: string
    beforeEach(async () => {
      await make('one', 'two')
      const db = new Database(file)
      db.pragma('wal_autocheckpoint = 0')
      db.exec('CREATE TABLE filler (bytes BLOB)')
      for (let i = 0; i < 40; i++) db.exec('INSERT INTO filler VALUES (randomblob(3000))')
      const {salts, frames} = readLogFrames(`${file}-wal`)!
      const witness = new WitnessFile(file, 'full')
      witness.beginCopy({salts, frames, ...samplePages(`${file}-wal`, frames)})
      witness.close()
      killed = path.join(folder, 'killed', 'rag.db')
      for (const end of ['', '-wal', '-commits']) cpSync(file + end, killed + end)
      db.close()
    })

    it('is no reason for alarm when another program opens and closes it first', async () => {
      new Database(killed).exec('SELECT * FROM filler').close()
      expect(existsSync(`${killed}-wal`)).to.equal(false)
      expect(await lost(killed)).to.equal(undefined)
    })

    it('is one when the log is gone and not all of it is in the database', async () => {
      rmSync(`${killed}-wal`)
      expect(await lost(killed)).to.deep.equal({commits: 0, corpora: []})
    })
  })

  it('goes with a folder that is copied', async () => {
    await make('one', 'two')
    const copy = path.join(folder, 'copy')
    for (const name of ['rag.db', 'rag.db-commits']) cpSync(path.join(folder, name), path.join(copy, name))
    expect(await lost(path.join(copy, 'rag.db'))).to.equal(undefined)
  })

  it('never goes back, whoever writes last', () => {
    const [slow, quick] = [new WitnessFile(file, 'normal'), new WitnessFile(file, 'normal')]
    writeFileSync(file, '')
    for (let number = 1; number <= 5 + SLOTS; number++) quick.record({store: MINE, number})
    slow.record({store: MINE, number: 5})
    slow.record({store: MINE, number: 4}, {store: MINE, number: 1, corpusId: 1, corpus: 'one'})
    expect(readHead(file)?.latest.number).to.equal(5 + SLOTS)
    slow.close()
    quick.close()
    expect(statSync(`${file}-commits`).size).to.equal((SLOTS + 2) * RECORD_BYTES)
  })

  it('is readable after any byte of its latest record was damaged: the one before counts', () => {
    const witness = new WitnessFile(file, 'full')
    writeFileSync(file, '')
    for (const number of [8, 9]) witness.record({store: MINE, number})
    witness.close()
    const bytes = readFileSync(`${file}-commits`)
    for (let at = RECORD_BYTES; at < RECORD_BYTES + 60; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at]! ^= 1
      writeFileSync(`${file}-commits`, damaged)
      expect(readHead(file)?.latest.number, `byte ${at}`).to.equal(8)
    }
  })

  it('keeps what could not be witnessed for the next commit', () => {
    writeFileSync(file, '')
    const witness = new WitnessFile(path.join(folder, 'gone', 'rag.db'), 'full')
    witness.record({store: MINE, number: 1})
    expect(() => witness.prepare()).to.throw(/can't be used|can't be written/)
  })

  it('lets a store that lost commits be read with a note, and not be written', async () => {
    const rag = await openRag({dataDir: folder, cache: {off: true}})
    await rag.upsertDocument({corpus: 'notes', docId: 'old', text: 'The zebra eats figs.'})
    await rag.close()
    keep('before')
    const again = await openRag({dataDir: folder, cache: {off: true}})
    await again.upsertDocument({corpus: 'notes', docId: 'new', text: 'The zebra drinks milk.'})
    await again.close()
    putBack('before')
    const warnings: string[] = []
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: (text: string) => void warnings.push(text),
    }
    const behind = await openRag({dataDir: folder, cache: {off: true}, logger})
    const found = await behind.search('notes', {query: 'zebra', mode: 'keyword'})
    expect(found.hits.map(({docId}) => docId)).to.deep.equal(['old'])
    expect([found.degraded, found.notes[0]]).to.deep.equal([true, warnings[0]])
    expect(warnings[0]).to.match(/^\d+ commits of corpus notes that were reported as done are gone/)
    await rejects(behind.upsertDocument({corpus: 'notes', docId: 'x', text: 'y'}), 'COMMITS_LOST')
    await rejects(behind.deleteDocuments('notes', ['old']), 'COMMITS_LOST')
    await rejects(behind.deleteCorpus('notes'), 'COMMITS_LOST')
    expect((await behind.status()).ok).to.equal(false)
    const report = await behind.verify({repair: true, sample: 0})
    expect(report.findings[0]).to.deep.include({code: 'COMMITS_LOST', severity: 'error'})
    const {repaired} = await behind.verify({acceptLoss: true, sample: 0})
    expect(repaired[0]).to.match(/^Gone on without what was gone\. \d+ commits of corpus notes\.$/)
    await behind.upsertDocument({corpus: 'notes', docId: 'x', text: 'The zebra sleeps.'})
    expect((await behind.listDocuments('notes')).total).to.equal(2)
    await behind.close()
  })

  it('takes a restore for no loss, of whatever age, and lets it mend one', async () => {
    const [data, copy] = [path.join(folder, 'data'), path.join(folder, 'backup')]
    const put = async (docId: string): Promise<void> => {
      const rag = await openRag({dataDir: data, cache: {off: true}})
      await rag.upsertDocument({corpus: 'notes', docId, text: `The zebra of ${docId}.`})
      await rag.close()
    }
    await put('one')
    const rag = await openRag({dataDir: data, cache: {off: true}})
    await rag.backup(copy)
    await rag.close()
    cpSync(path.join(data, 'rag.db'), path.join(folder, 'before'))
    await put('two')
    for (const isBehind of [false, true]) {
      if (isBehind) cpSync(path.join(folder, 'before'), path.join(data, 'rag.db'))
      const restoring = await openRag({dataDir: data, cache: {off: true}})
      if (isBehind) await rejects(restoring.backup(copy), 'COMMITS_LOST')
      await restoring.restore(copy)
      await restoring.close()
      expect(await lost(path.join(data, 'rag.db')), String(isBehind)).to.equal(undefined)
      await put('three')
    }
  })
})
