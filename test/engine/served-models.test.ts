import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {IngestReport, Rag, RagOptions} from '../../src/lib/index.js'
import {STORE_KINDS, type RagStores} from '../support/rag-stores.js'
import {vectorDocuments, writeJsonl} from '../support/jsonl-corpus.js'
import {ScriptedProvider} from '../support/scripted-provider.js'
import {rejects} from '../support/store-fixtures.js'

/** Models that a provider serves, through every verb that embeds. */
for (const {name, createStores} of STORE_KINDS)
  describe(`served models (${name})`, function () {
    this.timeout(30_000)
    let home: string
    let stores: RagStores
    let provider: ScriptedProvider
    let rag: Rag
    const open = (more: Partial<RagOptions> = {}): Promise<Rag> =>
      stores.open({dataDir: path.join(home, 'data'), maxWorkers: 1, providers: [provider], ...more})
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-served-'))
      stores = createStores()
      provider = new ScriptedProvider()
      rag = await open()
    })
    afterEach(async () => {
      await rag.close()
      rmSync(home, {recursive: true, force: true})
    })

    const write = (count: number, word = 'granite'): void => {
      mkdirSync(path.join(home, 'docs'), {recursive: true})
      for (let i = 0; i < count; i++)
        writeFileSync(
          path.join(home, 'docs', `d${i}.md`),
          `${word} sample ${'abcdefghijklmnopqrstuvwxyz'[i % 26]!.repeat(4)} number ${i}`,
        )
    }
    const ingest = (model: string | undefined = 'scripted:a'): Promise<IngestReport> =>
      rag.ingest({corpus: 'c', dirs: [path.join(home, 'docs')], ...(model ? {settings: {model}} : {})})
    const inVectors = async (query: string): Promise<readonly string[]> =>
      (await rag.search('c', {query, mode: 'vector', topK: 3})).hits.map((hit) => hit.docId)

    it('embed what is ingested, each text once, and the queries of searches', async () => {
      write(10)
      const report = await ingest()
      expect([report.model, report.dimension, report.chunks.pending]).to.deep.equal(['scripted:a', 8, 0])
      expect(provider.asked).to.have.length(10)
      expect(await inVectors('granite sample cccc number')).to.include('d2.md')
      await ingest()
      expect(provider.asked).to.have.length(10)
    })

    it('are not asked when nothing is to be embedded', async () => {
      write(3)
      await ingest()
      provider.textsLeft = 0
      const report = await ingest()
      expect([report.failure, report.documents.unchanged]).to.deep.equal([undefined, 3])
    })

    it('stay open while the corpus changes', async () => {
      write(3)
      await ingest()
      await inVectors('granite')
      const {opened} = provider
      await rag.deleteDocuments('c', ['d0.md'])
      expect(await inVectors('granite')).not.to.include('d0.md')
      expect(provider.opened).to.equal(opened)
    })

    it('that go down in the middle leave what is done, and the same call goes on', async () => {
      write(20)
      provider.textsLeft = 9
      const report = await ingest()
      expect(report.failure?.code).to.equal('EMBEDDER_UNREACHABLE')
      expect(report.failure?.message).to.match(/All text is stored.*12 of 20 chunks have no vector/)
      expect([report.documents.added, report.chunks.pending]).to.deep.equal([20, 12])
      const degraded = await rag.search('c', {query: 'granite dddd'})
      expect(degraded.hits.length).to.be.greaterThan(0)
      provider.textsLeft = Infinity
      const again = await ingest()
      expect([again.failure, again.documents.unchanged, again.chunks.pending]).to.deep.equal([
        undefined,
        20,
        0,
      ])
      expect(new Set(provider.asked).size).to.equal(20)
      expect(provider.asked).to.have.length(20)
      expect(stores.faults(path.join(home, 'data'))).to.deep.equal([])
    })

    it('that are down from the start leave the text searchable; hybrid search says why it is by keyword alone', async () => {
      write(4)
      provider.textsLeft = 0
      expect((await ingest()).failure?.code).to.equal('EMBEDDER_UNREACHABLE')
      expect((await rag.search('c', {query: 'granite', mode: 'keyword'})).hits).to.have.length(4)
      // Nothing has been embedded: a wrong name can be put right.
      provider.textsLeft = Infinity
      expect((await ingest('scripted:b')).model).to.equal('scripted:b')
      provider.textsLeft = 0
      const {degraded, notes, hits} = await rag.search('c', {query: 'granite'})
      expect([degraded, hits.length]).to.deep.equal([true, 4])
      expect(notes[0]).to.match(/is down.*Keyword search answers alone/)
      await rejects(rag.search('c', {query: 'granite', mode: 'vector'}), 'EMBEDDER_UNREACHABLE')
    })

    it('that are broken on disk leave keyword answers with a note to hybrid search', async () => {
      write(4)
      await ingest()
      await rag.close()
      provider.textsLeft = 0
      provider.failure = 'MODEL_UNUSABLE'
      rag = await open()
      const {degraded, notes, hits} = await rag.search('c', {query: 'granite'})
      expect([degraded, hits.length]).to.deep.equal([true, 4])
      expect(notes[0]).to.match(/is down.*Keyword search answers alone/)
      await rejects(rag.search('c', {query: 'granite', mode: 'vector'}), 'MODEL_UNUSABLE')
    })

    it('that make other vectors than before are refused, for passages and for queries', async () => {
      write(4)
      await ingest()
      await rag.close()
      rag = await open()
      provider.revision = 'r2'
      write(6)
      const report = await ingest()
      expect(report.failure?.code).to.equal('MODEL_MISMATCH')
      expect(report.chunks.pending).to.equal(2)
      await rejects(rag.search('c', {query: 'granite', mode: 'vector'}), 'MODEL_MISMATCH')
      const rebuilt = await rag.rebuild({corpus: 'c', reembed: true})
      expect([rebuilt.vectors, rebuilt.pending]).to.deep.equal([6, 0])
      expect(await inVectors('granite sample ffff')).to.include('d5.md')
    })

    it('that nobody serves, and another model than that of the vectors, are refused before anything is made', async () => {
      write(2)
      await rejects(ingest('nobody:x'), 'MODEL_UNKNOWN')
      await rejects(rag.showCorpus('c'), 'STORE_MISSING')
      await ingest()
      await rejects(ingest('scripted:b'), 'MODEL_MISMATCH')
      await rejects(
        rag.ingest({corpus: 'c', dirs: [path.join(home, 'docs')], settings: {dtype: 'q8'}}),
        'MODEL_MISMATCH',
      )
    })

    describe('rebuild --reembed', () => {
      it('moves a corpus from any to any, and back', async () => {
        write(30)
        await ingest('lsa')
        for (const model of ['scripted:a', 'lsa', 'scripted:b', 'scripted:a']) {
          const report = await rag.rebuild({corpus: 'c', reembed: true, model, keepOld: true})
          expect([report.model, report.vectors, report.pending]).to.deep.equal([model, 30, 0])
          expect((await rag.showCorpus('c')).settings.model).to.equal(model)
          expect(await inVectors('granite sample gggg')).to.have.length(3)
        }
        const back = await rag.rebuild({corpus: 'c', rollback: true})
        expect([back.model, back.pending]).to.deep.equal(['scripted:b', 0])
        write(31)
        expect((await ingest('')).chunks.pending).to.equal(0)
        expect(stores.faults(path.join(home, 'data'))).to.deep.equal([])
      })

      it('keeps how a model is used, and brings it back with it', async () => {
        write(3)
        await ingest()
        await rag.rebuild({
          corpus: 'c',
          reembed: true,
          model: 'scripted:a',
          modelOptions: {dtype: 'q8'},
          keepOld: true,
        })
        expect((await rag.showCorpus('c')).settings.dtype).to.equal('q8')
        await rag.rebuild({corpus: 'c', rollback: true})
        expect((await rag.showCorpus('c')).settings.dtype).to.equal(undefined)
        await rag.rebuild({corpus: 'c', rollback: true})
        expect((await rag.showCorpus('c')).settings.dtype).to.equal('q8')
        expect((await ingest('')).failure).to.equal(undefined)
      })

      it('adds nothing to vectors that came with documents, on the way back to them', async () => {
        const documents = vectorDocuments(5, {chunks: 1, dimension: provider.dimension, prefix: 'v', seed: 1})
        const jsonl = writeJsonl(path.join(home, 'vectors.jsonl'), documents)
        await rag.ingest({corpus: 'c', jsonl, settings: {model: 'external:x'}})
        await rag.rebuild({corpus: 'c', reembed: true, model: 'scripted:a', keepOld: true})
        write(2)
        await ingest('')
        const asked = provider.asked.length
        const back = await rag.rebuild({corpus: 'c', rollback: true})
        expect([back.model, back.embedded, back.pending, back.notes.length]).to.deep.equal(['x', 0, 2, 1])
        expect((await rag.showCorpus('c')).settings.model).to.equal('external:x')
        expect(provider.asked).to.have.length(asked)
      })

      it('resumes; what comes meanwhile is in both, and searches use the old vectors until the switch', async () => {
        write(20)
        await ingest()
        provider.textsLeft = 9
        await rejects(rag.rebuild({corpus: 'c', reembed: true, model: 'scripted:b'}), 'EMBEDDER_UNREACHABLE')
        provider.textsLeft = Infinity
        write(22)
        const between = await ingest('')
        expect([between.model, between.chunks.pending]).to.deep.equal(['scripted:a', 0])
        const asked = provider.asked.length
        const report = await rag.rebuild({corpus: 'c', reembed: true, model: 'scripted:b'})
        expect([report.model, report.vectors, report.pending]).to.deep.equal(['scripted:b', 22, 0])
        expect(provider.asked.length - asked).to.equal(14)
      })

      it('gets away from a model that is gone for good', async () => {
        write(20)
        await ingest()
        write(24)
        provider.textsLeft = 0
        await ingest('')
        const report = await rag.rebuild({corpus: 'c', reembed: true, model: 'lsa'})
        expect([report.model, report.pending]).to.deep.equal(['lsa', 0])
      })

      it('of an empty corpus makes the next ingest use the other model', async () => {
        write(1)
        await ingest()
        await rag.deleteDocuments('c', ['d0.md'])
        for (const model of ['lsa', 'scripted:b']) {
          await rag.rebuild({corpus: 'c', reembed: true, model})
          expect((await rag.showCorpus('c')).settings.model).to.equal(model)
        }
        write(3)
        expect((await ingest('')).model).to.equal('scripted:b')
      })

      it('of an emptied corpus to the learned model sends nothing to the service any more', async () => {
        write(1)
        await ingest()
        await rag.deleteDocuments('c', ['d0.md'])
        const report = await rag.rebuild({corpus: 'c', reembed: true, model: 'lsa'})
        expect([report.model, report.embeddingVersion.after]).to.deep.equal(['lsa', 0])
        const asked = provider.asked.length
        write(30)
        expect((await ingest('')).model).to.equal('lsa')
        expect(provider.asked.length).to.equal(asked)
      })

      it('that was cut off does not keep a damaged model from being learned anew', async () => {
        write(30)
        await ingest('lsa')
        provider.textsLeft = 9
        await rejects(rag.rebuild({corpus: 'c', reembed: true, model: 'scripted:b'}), 'EMBEDDER_UNREACHABLE')
        await rag.close()
        writeFileSync(path.join(home, 'data', 'models', 'c', 'v1.lsa'), 'damaged')
        rag = await open()
        const {findings, repaired} = await rag.verify({repair: true})
        expect(repaired.join()).to.contain('learned anew')
        expect(findings.filter(({severity}) => severity === 'error')).to.deep.equal([])
        expect((await rag.search('c', {query: 'granite dddd', mode: 'vector'})).hits).not.to.deep.equal([])
      })
    })
  })
