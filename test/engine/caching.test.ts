import {cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {Rag, SearchReport} from '../../src/lib/index.js'
import {STORE_KINDS, type RagStores} from '../support/rag-stores.js'
import {ScriptedProvider} from '../support/scripted-provider.js'
import {filesBelow} from '../support/temp-home.js'

for (const {name, createStores, itOnDisk} of STORE_KINDS)
  describe(`the caches (${name})`, function () {
    this.timeout(30_000)
    let home: string
    let stores: RagStores
    let provider: ScriptedProvider
    let rag: Rag
    const opened: Rag[] = []
    const open = async (data = 'data'): Promise<Rag> => {
      const one = await stores.open({
        dataDir: path.join(home, data),
        maxWorkers: 1,
        providers: [provider],
        cache: {dir: path.join(home, 'cache')},
      })
      opened.push(one)
      return one
    }
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-caching-'))
      stores = createStores()
      provider = new ScriptedProvider()
      rag = await open()
    })
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close()
      rmSync(home, {recursive: true, force: true})
    })

    const write = (count: number, word = 'granite'): void => {
      mkdirSync(path.join(home, 'docs'), {recursive: true})
      for (let i = 0; i < count; i++)
        writeFileSync(
          path.join(home, 'docs', `d${i}.md`),
          `# Stone ${i}\n\n${word} sample number ${i} from the quarry of the old town`,
        )
    }
    const ingest = (corpus = 'c', more: object = {}): ReturnType<Rag['ingest']> =>
      rag.ingest({corpus, dirs: [path.join(home, 'docs')], settings: {model: 'scripted:a'}, ...more})
    const hit = (report: SearchReport): boolean => report.cache.retrievalHit
    const search = (more: object = {}, by = rag): Promise<SearchReport> =>
      by.search('c', {query: 'granite quarry', ...more})

    describe('of embeddings', () => {
      it('ask for each text once, in whatever corpus it comes, and whatever was deleted', async () => {
        write(12)
        expect((await ingest()).cache).to.deep.equal({embedHits: 0, embedMisses: 12, hitRate: 0})
        expect((await ingest('other')).cache).to.deep.equal({embedHits: 12, embedMisses: 0, hitRate: 1})
        await rag.deleteCorpus('other')
        expect((await ingest('third', {noCache: true})).cache.embedMisses).to.equal(12)
        expect(provider.asked).to.have.length(24)
      })

      it('ask for one text when one of fifty documents changed', async () => {
        write(50)
        await ingest()
        writeFileSync(path.join(home, 'docs', 'd7.md'), '# Stone 7\n\nbasalt instead')
        await rag.deleteCorpus('c')
        await ingest()
        // A corpus that is deleted takes what was cached for it along.
        expect(provider.asked).to.have.length(100)
        writeFileSync(path.join(home, 'docs', 'd8.md'), '# Stone 8\n\nmarble instead')
        await ingest('d')
        expect(provider.asked).to.have.length(101)
      })

      it('make none anew for another cut of the same texts', async () => {
        write(10)
        await ingest()
        const report = await ingest('d', {settings: {model: 'scripted:a', chunkSize: 300, chunkOverlap: 0}})
        expect([report.cache.embedHits, report.cache.embedMisses]).to.deep.equal([10, 0])
      })

      it('never mix models, nor queries with passages', async () => {
        write(3)
        await ingest()
        await rag.ingest({corpus: 'd', dirs: [path.join(home, 'docs')], settings: {model: 'scripted:b'}})
        expect(provider.asked).to.have.length(6)
        const text = '# Stone 1\n\ngranite sample number 1 from the quarry of the old town'
        expect((await search({query: text, mode: 'vector'})).cache.embedMisses).to.equal(1)
        expect((await search({query: text, mode: 'vector', topK: 3})).cache.embedHits).to.equal(1)
      })

      itOnDisk('take a damaged value for none', async () => {
        write(5)
        await ingest()
        await rag.close()
        const {default: Database} = await import('better-sqlite3')
        const db = new Database(path.join(home, 'cache', 'cache.db'))
        db.exec("UPDATE entries SET value = zeroblob(length(value)) WHERE tbl = 'embeddings'")
        db.close()
        rag = await open()
        expect((await ingest('d')).cache.embedMisses).to.equal(5)
      })
    })

    describe('of searches', () => {
      it('answer the same question from the cache, also in another process, quickly', async () => {
        write(8)
        await ingest()
        const first = await search()
        const second = await search()
        expect([hit(first), hit(second)]).to.deep.equal([false, true])
        expect(second.hits).to.deep.equal(first.hits)
        await rag.close()
        rag = await open()
        const {opened: times} = provider
        expect(hit(await search())).to.equal(true)
        expect(provider.opened).to.equal(times)
      })

      it('never give an old answer: not after a change, a deletion, another model, or going back', async () => {
        write(8)
        await ingest()
        await search()
        await rag.deleteDocuments('c', ['d3.md'])
        const after = await search()
        expect([hit(after), after.hits.some(({docId}) => docId === 'd3.md')]).to.deep.equal([false, false])
        writeFileSync(path.join(home, 'docs', 'd1.md'), 'nothing of that')
        await ingest()
        expect(hit(await search())).to.equal(false)
        await search()
        await rag.rebuild({corpus: 'c', reembed: true, model: 'scripted:b', keepOld: true})
        expect(hit(await search())).to.equal(false)
        await rag.rebuild({corpus: 'c', rollback: true})
        expect(hit(await search())).to.equal(false)
      })

      itOnDisk(
        'never take one store for another: a copy that went its own way shares the folder of the cache',
        async () => {
          write(4)
          await ingest()
          await rag.close()
          cpSync(path.join(home, 'data'), path.join(home, 'copy'), {recursive: true})
          rag = await open()
          const copy = await open('copy')
          await rag.upsertDocument({corpus: 'c', docId: 'here', text: 'granite quarry of here'})
          await copy.upsertDocument({corpus: 'c', docId: 'there', text: 'granite quarry of there'})
          const ids = async (of: Rag): Promise<string[]> =>
            (await search({topK: 9}, of)).hits.map(({docId}) => docId)
          expect(await ids(rag)).to.include('here')
          const theirs = await ids(copy)
          expect([theirs.includes('there'), theirs.includes('here')]).to.deep.equal([true, false])
        },
      )

      it('are told apart by every setting, and may be turned off or made anew', async () => {
        write(8)
        await ingest()
        const variants = [
          {},
          {topK: 3},
          {mode: 'keyword'},
          {weight: 0.9},
          {unit: 'document'},
          {context: 1},
          {minScore: 0.1},
          {fusion: 'rrf'},
          {filters: [{field: 'doc_id', op: '=', value: 'd1.md'}]},
        ]
        for (const variant of variants)
          expect(hit(await search(variant)), JSON.stringify(variant)).to.equal(false)
        for (const variant of variants)
          expect(hit(await search(variant)), JSON.stringify(variant)).to.equal(true)
        expect(hit(await search({cache: 'off'}))).to.equal(false)
        expect(hit(await search({cache: 'refresh'}))).to.equal(false)
      })

      it('keep no result that is not what it should be', async () => {
        write(4)
        await ingest()
        await rag.close()
        provider.textsLeft = 0
        rag = await open()
        expect((await search()).degraded).to.equal(true)
        provider.textsLeft = Infinity
        const report = await search()
        expect([hit(report), report.degraded]).to.deep.equal([false, false])
      })
    })

    it('are counted, purged and pruned', async () => {
      write(6)
      await ingest()
      await search()
      await search()
      const {tables} = await rag.cacheStats()
      expect(tables.embeddings).to.include({count: 7, misses: 7})
      expect(tables.retrieval).to.include({count: 1, hits: 1, misses: 1})
      expect((await rag.cachePurge({tables: ['retrieval']})).removed.retrieval).to.equal(1)
      expect(hit(await search())).to.equal(false)
      expect((await rag.cachePrune({maxBytes: 0})).removed.embeddings).to.equal(7)
    })

    it('hold nothing of a document that was removed for good', async () => {
      write(4, 'unmistakable-word')
      await ingest()
      await search({query: 'unmistakable-word sample'})
      const report = await rag.deleteDocuments('c', ['d0.md', 'd1.md', 'd2.md', 'd3.md'], {hard: true})
      expect(report.hard?.cacheEntriesRemoved).to.equal(5)
      expect(report.hard?.proof.find(({place}) => place === 'caches')).to.deep.equal({
        place: 'caches',
        absent: true,
      })
      await rag.close()
      for (const file of filesBelow(path.join(home, 'cache')))
        expect(readFileSync(file).includes('unmistakable-word')).to.equal(false)
    })

    itOnDisk('never stop a command when they are damaged or can not be written', async () => {
      write(4)
      await ingest()
      await search()
      await rag.close()
      writeFileSync(path.join(home, 'cache', 'cache.db'), 'garbage')
      rag = await open()
      const {ok, findings} = await rag.verify()
      expect([ok, findings.map(({code, severity}) => [code, severity])]).to.deep.equal([
        true,
        [['CACHE_DAMAGED', 'warning']],
      ])
      expect(hit(await search())).to.equal(false)
      expect(hit(await search())).to.equal(true)
      await rag.close()
      rmSync(path.join(home, 'cache'), {recursive: true})
      writeFileSync(path.join(home, 'cache'), 'a file in the way')
      rag = await open()
      expect((await search()).hits.length).to.be.greaterThan(0)
      expect((await ingest('d')).failure).to.equal(undefined)
      expect(existsSync(path.join(home, 'cache', 'cache.db'))).to.equal(false)
    })
  })
