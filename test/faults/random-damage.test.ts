import {closeSync, cpSync, openSync, rmSync, statSync, writeSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {openRag} from '../../src/lib/index.js'
import type {VerifyReport} from '../../src/lib/index.js'
import {withDatabase} from '../support/corpus-snapshot.js'
import {damage, DAMAGE_KINDS, type DamageKind} from '../support/damage.js'
import {CORPORA, DamagedStore, FILES, type Answers} from '../support/damaged-store.js'
import {seededNumbers} from '../support/seeded-text.js'
import {TempHome} from '../support/temp-home.js'

/** Damages in all; `npm run test:slow`: more than a thousand. */
const DAMAGES = Number(process.env['RAG_DAMAGES'] ?? 40)
/** Every so many batches are mended by the program; the others are put back by the test, which is quicker. `npm run test:slow`: all. */
const REPAIR_EVERY = Number(process.env['RAG_REPAIR_EVERY'] ?? 4)
const IS_SHORT = DAMAGES < 1000
const BINARY_ROUNDS = IS_SHORT ? 1 : 2
const PAGES = IS_SHORT ? 4 : 25

/** Files of which an error was found. */
const named = (report: Pick<VerifyReport, 'findings'>): string[] =>
  report.findings.filter(({severity}) => severity === 'error').map(({where}) => where)

describe('random damage', function () {
  this.timeout(600_000)
  const random = seededNumbers(11)
  const below = (limit: number): number => Math.floor(random() * limit)
  let home: TempHome
  let store: DamagedStore
  let whole: Answers
  let vectors: Record<string, string>

  before(async () => {
    home = new TempHome('damage')
    store = await DamagedStore.build(home)
    whole = await store.answers()
    vectors = vectorHashes()
    const rag = await store.open()
    const report = await rag.verify({sample: 1})
    await rag.close()
    expect(report.findings).to.deep.equal([])
    expect(report.checked.files).to.equal(FILES)
  })
  after(() => home.remove())

  const vectorHashes = (): Record<string, string> =>
    Object.fromEntries(CORPORA.map((corpus) => [corpus, store.vectorsOf(corpus)]))

  /** Damages some files, each once. */
  function strike(most: number, counts: Record<DamageKind, number>): {files: string[]; told: string} {
    const free = store.files()
    const hit: string[] = []
    const told: string[] = []
    for (let i = 1 + below(most); i > 0 && free.length > 0; i--) {
      const [file] = free.splice(below(free.length), 1)
      const [folder] = file!.split('/')
      const mate = free.find((other) => other.startsWith(`${folder}/`))
      const kind = DAMAGE_KINDS[below(DAMAGE_KINDS.length)]!
      const changed = damage(
        kind,
        [store.pathOf(file!), mate === undefined ? undefined : store.pathOf(mate)],
        random,
      )
      if (changed.length === 2) free.splice(free.indexOf(mate!), 1)
      hit.push(file!, ...(changed.length === 2 ? [mate!] : []))
      counts[kind]++
      told.push(`${kind} ${file}`)
    }
    return {files: hit, told: told.join(', ')}
  }

  it(`of index and model files: all of ${DAMAGES} noticed, no search wrong, all mended`, async () => {
    const counts: Record<DamageKind, number> = {flip: 0, truncate: 0, delete: 0, append: 0, zero: 0, swap: 0}
    const total = (): number => Object.values(counts).reduce((sum, n) => sum + n, 0)
    const seen = {batches: 0, files: 0, degraded: 0, repairs: 0, mended: 0}
    while (total() < DAMAGES) {
      const {files, told} = strike(FILES, counts)
      const context = `batch ${++seen.batches}: ${told}`
      const rag = await store.open()
      // A search sets bad files aside; it comes before the look as often as after.
      const early = random() < 0.5
      if (early) seen.degraded += await store.expectRightAnswers(rag, whole, context)
      const report = await rag.verify()
      expect(named(report).sort(), context).to.deep.equal([...files].sort())
      if (!early) seen.degraded += await store.expectRightAnswers(rag, whole, context)
      seen.files += files.length
      if (seen.batches % REPAIR_EVERY === 0) {
        await mend(rag, context)
        seen.repairs++
        seen.mended += files.length
      }
      await rag.close()
      if (seen.batches % REPAIR_EVERY === 0) store.keep()
      else store.putBack()
    }
    console.log(
      `      ${total()} damages: ${Object.entries(counts)
        .map(([kind, n]) => `${n} ${kind}`)
        .join(', ')}`,
    )
    console.log(
      `      ${seen.files} damaged files in ${seen.batches} batches, all noticed; ${seen.degraded} answers degraded, none wrong;` +
        ` ${seen.repairs} repairs mended ${seen.mended} files`,
    )
    expect(seen.degraded).to.be.greaterThan(seen.batches / 2)
  })

  /** The repair must leave nothing, change no vector, and bring every search back to what it was. */
  async function mend(rag: Awaited<ReturnType<DamagedStore['open']>>, context: string): Promise<void> {
    const report = await rag.verify({repair: true})
    expect(report.findings, context).to.deep.equal([])
    expect(report.ok, context).to.equal(true)
    expect(report.repaired.length, context).to.be.greaterThan(0)
    expect(vectorHashes(), context).to.deep.equal(vectors)
    expect(await store.expectRightAnswers(rag, whole, `${context}, mended`)).to.equal(0)
    expect(store.files().length, context).to.equal(FILES)
  }

  it(`is told and mended by the program itself, ${BINARY_ROUNDS} times`, async () => {
    const counts = {flip: 0, truncate: 0, delete: 0, append: 0, zero: 0, swap: 0}
    for (let round = 1; round <= BINARY_ROUNDS; round++) {
      const {files, told} = strike(2, counts)
      const looked = await home.run(['verify', '--json'])
      expect(looked.code, `${told}\n${looked.stderr}`).to.equal(5)
      expect(named(JSON.parse(looked.stdout) as VerifyReport).sort(), told).to.deep.equal([...files].sort())
      expect((await home.run(['search', store.words, '--corpus', 'one', '--json'])).code, told).to.equal(0)
      const mended = await home.run(['verify', '--repair', '--json'])
      expect(mended.code, `${told}\n${mended.stderr}${mended.stdout}`).to.equal(0)
      expect(JSON.parse(mended.stdout) as object, told).to.include({ok: true, complete: true})
      expect((await home.run(['verify', '--quiet'])).code, told).to.equal(0)
    }
    expect(vectorHashes()).to.deep.equal(vectors)
    store.keep()
  })

  it(`of the database: each of ${PAGES} overwritten pages is noticed, and nothing crashes`, async () => {
    withDatabase(home.data, (db) => db.exec('VACUUM'))
    const pageBytes = withDatabase(home.data, (db) => db.pragma('page_size', {simple: true}) as number)
    const pages = statSync(path.join(home.data, 'rag.db')).size / pageBytes
    const copy = home.path('damaged')
    let mended = 0
    for (let round = 1; round <= PAGES; round++) {
      rmSync(copy, {recursive: true, force: true})
      cpSync(home.data, copy, {recursive: true})
      const page = round === 1 ? 0 : below(pages)
      overwritePage(path.join(copy, 'rag.db'), page * pageBytes, pageBytes)
      const context = `page ${page + 1} of ${pages}`
      const rag = await openRag({dataDir: copy, maxWorkers: 1, cache: {off: true}})
      const report = await rag.verify()
      expect(report.ok, context).to.equal(false)
      // Whether or not it can be mended (a keyword index can): no crash, and no word of success that is not true.
      const repaired = await rag.verify({repair: true})
      await rag.close()
      if (repaired.ok) mended++
      if (round <= 3) {
        const ran = await home.run(['verify', '--json', '--data-dir', copy])
        expect(ran.code, `${context}\n${ran.stderr}`).to.equal(repaired.ok ? 0 : 5)
        expect(JSON.parse(ran.stdout)).to.have.property('findings')
      }
    }
    console.log(`      ${PAGES} of ${pages} pages overwritten, one at a time: all noticed, ${mended} mended`)
  })

  function overwritePage(file: string, at: number, bytes: number): void {
    const handle = openSync(file, 'r+')
    try {
      writeSync(
        handle,
        Uint8Array.from({length: bytes}, () => below(256)),
        0,
        bytes,
        at,
      )
    } finally {
      closeSync(handle)
    }
  }
})
