import {readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {openRag, RagError} from '../../src/lib/index.js'
import {BackupWorld} from '../support/backup-world.js'
import {inspectStore, withDatabase} from '../support/corpus-snapshot.js'
import {FixedClock} from '../support/fixed-clock.js'
import {seededNumbers} from '../support/seeded-text.js'

const FIXTURE = path.resolve('test/fixtures/stores/format-1')
const ROUNDS = process.env['RAG_KILL_ROUNDS'] === undefined ? 200 : 2000

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof RagError ? error.code : String(error)),
  )
}

describe('a backup that is not as it was made', function () {
  this.timeout(300_000)
  let world: BackupWorld
  let files: string[]
  beforeEach(async () => {
    world = new BackupWorld({store: FIXTURE})
    await world.backup()
    files = [...world.filesOfBackup(), 'manifest.json']
  })
  afterEach(() => world.remove())

  it(`is never restored: ${ROUNDS} flips, truncations, swaps and deletions of its files, all noticed`, async () => {
    const random = seededNumbers(3)
    const below = (limit: number): number => Math.floor(random() * limit)
    const counts: Record<string, number> = {}
    for (let round = 0; round < ROUNDS; round++) {
      const file = path.join(world.dir, files[below(files.length)]!)
      const bytes = readFileSync(file)
      const kind = ['flip', 'truncate', 'swap', 'delete'][below(4)]!
      counts[kind] = (counts[kind] ?? 0) + 1
      let other: string | undefined
      if (kind === 'flip') {
        const changed = Buffer.from(bytes)
        const at = below(bytes.length)
        changed[at] = changed[at]! ^ (1 << below(8))
        writeFileSync(file, changed)
      } else if (kind === 'truncate') truncateSync(file, below(bytes.length))
      else if (kind === 'delete') rmSync(file)
      else {
        other = path.join(world.dir, files.filter((name) => !file.endsWith(name))[below(files.length - 1)]!)
        renameSync(file, `${file}~`)
        renameSync(other, file)
        renameSync(`${file}~`, other)
      }
      const code = await codeOf(world.check())
      // A letter of the manifest may become another one of the same meaning to JSON: white space.
      const harmless = kind === 'flip' && file.endsWith('manifest.json') && code === 'done'
      if (!harmless)
        expect(code, `${kind} of ${file}`).to.be.oneOf(['BACKUP_DAMAGED', 'BACKUP_MISSING', 'STORE_NEWER'])
      if (other !== undefined) {
        renameSync(other, `${file}~`)
        renameSync(file, other)
        renameSync(`${file}~`, file)
      }
      writeFileSync(file, bytes)
    }
    await world.check()
    console.log(
      `      ${Object.entries(counts)
        .map(([kind, n]) => `${n} × ${kind}`)
        .join(', ')}`,
    )
  })

  it('is mended by the next backup, with verify also where sizes are right', async () => {
    const model = files.find((name) => name.endsWith('.lsa'))!
    const file = path.join(world.dir, model)
    const bytes = readFileSync(file)
    writeFileSync(file, Buffer.alloc(bytes.length))
    await world.backup()
    expect(await codeOf(world.check())).to.equal('BACKUP_DAMAGED')
    await world.backup({verify: true})
    expect(await codeOf(world.check())).to.equal('done')
  })

  it('leaves files out that are damaged in the store, and says so', async () => {
    const segment = path.join(world.data, 'indexes/notes/v1/seg-1-46.hnsw')
    expect(statSync(segment).size).to.be.greaterThan(0)
    rmSync(path.join(world.dir, 'data/indexes/notes'), {recursive: true})
    writeFileSync(segment, 'no segment')
    const report = await world.backup()
    expect(report.leftOut.map(({file}) => file)).to.deep.equal(['notes/v1/seg-1-46.hnsw'])
    expect(report.retries).to.equal(0)
    await world.check()
  })

  it('replaces none with damaged texts, also by force; an empty folder takes it, and says so', async () => {
    const before = (await world.check()).manifest
    withDatabase(world.data, (db) =>
      db.exec("UPDATE chunks SET text = text || ' altered' WHERE id = (SELECT min(id) FROM chunks)"),
    )
    for (const force of [false, true]) {
      const error = await world.backup({force}).catch((thrown: unknown) => thrown)
      expect(error).to.have.property('code', 'STORE_DAMAGED')
      expect((error as Error).message).to.match(
        /not what was stored: [^,]+: [^,]+#c\d{4}, chunks \d+\. The backup from before/,
      )
    }
    expect((await world.check()).manifest).to.deep.equal(before)
    const other = new BackupWorld({like: world})
    rmSync(other.dir, {recursive: true})
    const report = await other.backup()
    expect(report.damagedTexts.join()).to.match(/^[^,]+: [^,]+#c\d{4},chunks \d+$/)
    await other.check()
    other.remove()
  })

  it('is told from one of another store, or of other corpora', async () => {
    const other = new BackupWorld({like: world})
    rmSync(other.data, {recursive: true})
    const rag = await openRag({dataDir: other.data})
    await rag.upsertDocument({corpus: 'notes', docId: 'a', text: 'begun anew'})
    await rag.close()
    expect(await codeOf(other.backup())).to.equal('USAGE')
    await other.check()
    await other.backup({force: true})
    expect((await other.check()).manifest.corpora.map((it) => it.documents)).to.deep.equal([1])
    other.remove()
    expect(await codeOf(world.backup({corpus: 'notes' as never}))).to.equal('USAGE')
  })

  it('is not touched by a clock that goes backwards', async () => {
    const clock = new FixedClock(Date.now() + 1e10)
    const late = new BackupWorld({like: world, clock})
    await late.backup()
    clock.set(1000)
    const unchanged = await late.backup()
    expect([unchanged.number, unchanged.createdAtMs, unchanged.copiedFiles]).to.deep.equal([2, 1000, 0])
    const rag = await openRag({dataDir: late.data})
    await rag.upsertDocument({corpus: 'notes', docId: 'a', text: 'of another day'})
    await rag.close()
    expect((await late.backup()).number).to.equal(3)
    expect((await late.check()).manifest.corpora.map((it) => it.documents)).to.deep.equal([41, 6])
    await late.restore()
    expect(inspectStore(late.data).faults).to.deep.equal([])
    late.remove()
  })
})
