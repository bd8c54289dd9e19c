import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {Rag} from '../../src/lib/index.js'
import {changeStore} from '../support/change-store.js'
import {STORE_KINDS, type RagStores} from '../support/rag-stores.js'

const CORPUS = 'default'
const EDITIONS = 90

for (const {name: kind, createStores, itOnDisk} of STORE_KINDS)
  describe(`Rag.upsertDocument (${kind})`, function () {
    this.timeout(60_000)
    let home: string
    let data: string
    let stores: RagStores
    let rag: Rag
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-upsert-'))
      data = path.join(home, 'data')
      stores = createStores()
      rag = await stores.open({dataDir: data, maxWorkers: 1, cache: {off: true}})
    })
    afterEach(async () => {
      await rag.close()
      rmSync(home, {recursive: true, force: true})
    })

    const upsert = (docId: string, text: string): ReturnType<Rag['upsertDocument']> =>
      rag.upsertDocument({corpus: CORPUS, docId, text})
    const found = async (query: string): Promise<string[]> => {
      const {hits} = await rag.search(CORPUS, {query, mode: 'keyword'})
      return hits.map(({docId}) => docId).sort()
    }

    itOnDisk(
      'makes a keyword index of another analyser anew first, so that old and new are found alike',
      async () => {
        for (const name of ['walrus', 'penguin']) await upsert(name, `All about the ${name}, by the sea.`)
        changeStore(data, (db) => {
          const id = db.prepare('SELECT id FROM corpora').pluck().get() as number
          db.prepare("UPDATE corpora SET settings = json_set(settings, '$.analyser', 'an older one')").run()
          // What an older analyser made of the texts: other terms, all of them.
          const ids = db.prepare('SELECT id FROM chunks ORDER BY id').pluck().all() as number[]
          db.exec(`INSERT INTO keywords_${id} (keywords_${id}) VALUES ('delete-all')`)
          const insert = db.prepare(
            `INSERT INTO keywords_${id} (rowid, title, body) VALUES (?, '', 'oldterm')`,
          )
          for (const chunk of ids) insert.run(chunk)
        })
        await rag.close()
        rag = await stores.open({dataDir: data, maxWorkers: 1, cache: {off: true}})
        expect(await found('walrus')).to.deep.equal([])
        await upsert('seal', 'All about the seal, by the sea.')
        expect(await found('walrus')).to.deep.equal(['walrus'])
        expect(await found('sea')).to.deep.equal(['penguin', 'seal', 'walrus'])
        const report = await rag.verify()
        expect(report.findings).to.deep.equal([])
      },
    )

    itOnDisk(
      'puts right the statistics of a keyword index in which an earlier version left what was removed',
      async () => {
        const scores = async (): Promise<(readonly [string, number])[]> => {
          const {hits} = await rag.search(CORPUS, {query: 'walrus sea', mode: 'keyword'})
          return hits.map(({docId, score}) => [docId, score] as const)
        }
        for (const name of ['walrus', 'penguin', 'seal'])
          await upsert(name, `All about the ${name}, by the sea.`)
        const right = await scores()
        // FTS5 by itself leaves the totals as they were when an entry of a contentless table is deleted.
        changeStore(data, (db) => {
          const id = db.prepare('SELECT id FROM corpora').pluck().get() as number
          db.exec(
            `INSERT INTO keywords_${id} (rowid, title, body) VALUES (99, 'gone gone', 'gone gone gone')`,
          )
          db.exec(`DELETE FROM keywords_${id} WHERE rowid = 99`)
          db.exec('UPDATE corpora SET version = version + 1')
        })
        expect(await scores()).to.not.deep.equal(right)
        await upsert('seal', 'All about the seal, by the sea.')
        expect(await scores()).to.deep.equal(right)
        expect((await rag.verify()).findings).to.deep.equal([])
      },
    )

    it('removes superseded passages for good once they are many, and keeps the index of words small', async () => {
      const edition = (n: number): string =>
        Array.from(
          {length: 300},
          (_, i) => `Edition ${n} of passage ${i}: walrus number ${n * 1000 + i}.`,
        ).join('\n\n')
      const chunks = (): {live: number; dead: number} => {
        const {chunks: all, deletedChunks: dead} = stores.rows(data)
        return {live: all - dead, dead}
      }
      let most = 0
      for (let n = 0; n < EDITIONS; n++) {
        await upsert('long', edition(n))
        most = Math.max(most, chunks().dead)
      }
      const {live} = chunks()
      console.log(`      ${live} live passages, at most ${most} dead ones`)
      expect(live).to.be.greaterThan(10)
      expect(most).to.be.at.most(1000 + live)
      expect((EDITIONS - 1) * live).to.be.greaterThan(1.3 * most)
      expect(await found(`${EDITIONS - 1}007`)).to.deep.equal(['long'])
      expect(await found(`${EDITIONS - 2}007`)).to.deep.equal([])
    })
  })
