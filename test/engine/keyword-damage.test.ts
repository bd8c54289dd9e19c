import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {Database} from 'better-sqlite3'
import {expect} from 'chai'
import {openRag, type Rag, type VerifyReport} from '../../src/lib/index.js'
import {changeStore} from '../support/change-store.js'
import {ScriptedProvider} from '../support/scripted-provider.js'

const CORPUS = path.resolve('examples/corpus')

describe('Rag.verify of a damaged keyword index', function () {
  this.timeout(60_000)
  let home: string
  let provider: ScriptedProvider
  let rag: Rag
  const open = (): Promise<Rag> =>
    openRag({dataDir: home, maxWorkers: 1, cache: {off: true}, providers: [provider]})
  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'rag-words-'))
    provider = new ScriptedProvider()
    rag = await open()
  })
  afterEach(async () => {
    await rag.close()
    rmSync(home, {recursive: true, force: true})
  })

  const found = async (query: string): Promise<string[]> =>
    (await rag.search('c', {query, mode: 'keyword'})).hits.map(({docId}) => docId)
  const codes = ({findings}: VerifyReport): string[] =>
    findings.map(({code, severity}) => `${severity} ${code}`)
  /** Writes past FTS5 into its tables, as a failing disk would. */
  const strike = async (work: (db: Database, table: string) => void): Promise<void> => {
    await rag.close()
    changeStore(home, (db) => {
      db.unsafeMode(true)
      work(db, `keywords_${String(db.prepare('SELECT id FROM corpora').pluck().get())}`)
    })
    rag = await open()
  }
  /** Changes the last letters of a term of the index, so that the terms keep their order. */
  const misspell = (term: string, wrong: string) => (db: Database, table: string) => {
    const rows = db.prepare(`SELECT id, block FROM ${table}_data`).all() as {id: number; block: Buffer}[]
    let changed = 0
    for (const {id, block} of rows) {
      const at = block.indexOf(term)
      if (at < 0) continue
      block.write(wrong, at)
      changed += db.prepare(`UPDATE ${table}_data SET block = ? WHERE id = ?`).run(block, id).changes
    }
    expect(changed).to.be.greaterThan(0)
  }
  const dated = (db: Database): void => void db.exec('UPDATE corpora SET version = version + 1')

  it('notices a word that has become another one, names the passage, and makes the index anew', async () => {
    await rag.ingest({corpus: 'c', dirs: [CORPUS], settings: {model: 'scripted:a'}})
    await rag.upsertDocument({corpus: 'c', docId: 'odd', text: 'A zyxwvut is a quokka of another kind.'})
    expect(await found('zyxwvut')).to.deep.equal(['odd'])
    await strike(misspell('yxwvut', 'yxwvuu'))
    expect(await found('zyxwvut')).to.deep.equal([])
    const asked = provider.asked.length
    const report = await rag.verify()
    expect(codes(report)).to.deep.equal(['error KEYWORDS_DAMAGED'])
    expect(report.ok).to.equal(false)
    expect(report.findings[0]!.where).to.equal('corpus c')
    expect(report.findings[0]!.message).to.match(/^1 chunks are not found by words of theirs.*\(odd#/)
    const repaired = await rag.verify({repair: true})
    expect([repaired.ok, repaired.findings]).to.deep.equal([true, []])
    expect(repaired.repaired.join()).to.match(/keyword index was made anew/)
    expect(await found('zyxwvut')).to.deep.equal(['odd'])
    expect(provider.asked.length).to.equal(asked)
  })

  it('looks for all words of all passages when all are sampled', async () => {
    const words = Array.from({length: 40}, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${i}`)
    for (let i = 0; i < 30; i++)
      await rag.upsertDocument({
        corpus: 'c',
        docId: `d${i}`,
        text: [...words, i === 17 ? 'zyxwvut' : 'other', ...words.map((word) => `${word}x`)].join(' '),
      })
    await strike(misspell('yxwvut', 'yxwvuu'))
    const report = await rag.verify({sample: 1})
    expect(codes(report)).to.deep.equal(['error KEYWORDS_DAMAGED'])
    expect(report.findings[0]!.message).to.contain('(d17#')
  })

  it('finds nothing in whole indexes, or where another analyser made the terms', async () => {
    await rag.ingest({corpus: 'c', dirs: [CORPUS]})
    const texts = [
      'A zyxwvut is a quokka of another kind.',
      '日本語の文章を検索する。',
      'ภาษาไทยไม่มีช่องว่าง',
      'हिन्दी में खोज',
      'Ёлка и ёж',
      'l’été à Zürich',
      '한국어 검색',
    ]
    for (const [i, text] of texts.entries()) await rag.upsertDocument({corpus: 'c', docId: `t${i}`, text})
    await rag.deleteDocuments('c', ['bees/varroa.md'])
    await rag.deleteDocuments('c', ['t3'], {hard: true})
    expect((await rag.verify({sample: 1})).findings).to.deep.equal([])
    await strike((db, table) => {
      misspell('yxwvut', 'yxwvuu')(db, table)
      db.exec("UPDATE corpora SET settings = json_set(settings, '$.analyser', 'an older one')")
    })
    expect((await rag.verify({sample: 1})).findings).to.deep.equal([])
  })

  it('notices totals that are not those of the entries, and tells what an earlier version left in them apart', async () => {
    for (const name of ['walrus', 'seal'])
      await rag.upsertDocument({corpus: 'c', docId: name, text: `A ${name}.`})
    await strike((db, table) => {
      db.prepare(`UPDATE ${table}_data SET block = x'020001' WHERE id = 1`).run()
      dated(db)
    })
    const report = await rag.verify()
    expect(codes(report)).to.deep.equal(['error KEYWORDS_DAMAGED'])
    expect((await rag.verify({repair: true})).findings).to.deep.equal([])
    await strike((db, table) => {
      db.exec(`INSERT INTO ${table} (rowid, title, body) VALUES (99, 'gone', 'gone gone')`)
      db.exec(`DELETE FROM ${table} WHERE rowid = 99`)
    })
    const stale = await rag.verify()
    expect([stale.ok, codes(stale)]).to.deep.equal([true, ['warning KEYWORDS_STALE']])
    expect((await rag.verify({repair: true})).findings).to.deep.equal([])
  })
})
