import {mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {RagError, type Rag, type RebuildReport} from '../../src/lib/index.js'
import {changeStore} from '../support/change-store.js'
import {STORE_KINDS, type RagStores, type SeqVector} from '../support/rag-stores.js'
import {vectorDocuments, writeJsonl} from '../support/jsonl-corpus.js'
import {SeededText} from '../support/seeded-text.js'
import {filesBelow} from '../support/temp-home.js'

const CORPUS = 'default'

for (const {name: kind, createStores, itOnDisk, itAtScale} of STORE_KINDS)
  describe(`Rag.rebuild (${kind})`, function () {
    this.timeout(60_000)
    let home: string
    let data: string
    let stores: RagStores
    let rag: Rag
    beforeEach(async () => {
      stores = createStores()
      home = mkdtempSync(path.join(tmpdir(), 'rag-rebuild-'))
      data = path.join(home, 'data')
      rag = await stores.open({dataDir: data, maxWorkers: 2})
    })
    afterEach(async () => {
      await rag.close()
      rmSync(home, {recursive: true, force: true})
    })

    const writeTexts = (from: number, to: number, paragraphs = 4): void => {
      const text = new SeededText(from + 1, 60)
      mkdirSync(path.join(home, 'docs'), {recursive: true})
      for (let i = from; i < to; i++)
        writeFileSync(
          path.join(home, 'docs', `doc-${i}.md`),
          `# Document ${i}\n\n${text.document(i % 6, paragraphs, 12)}`,
        )
    }
    const ingestTexts = (): ReturnType<Rag['ingest']> =>
      rag.ingest({
        corpus: CORPUS,
        dirs: [path.join(home, 'docs')],
        settings: {chunkSize: 24, chunkOverlap: 0},
        noRefit: true,
      })
    const ingestVectors = (count: number, chunks: number, prefix = 'doc', seed = 1): Promise<unknown> => {
      const file = writeJsonl(
        path.join(home, `${prefix}.jsonl`),
        vectorDocuments(count, {chunks, dimension: 16, prefix, seed}),
      )
      return rag.ingest({corpus: CORPUS, jsonl: file, settings: {model: 'external:test'}})
    }
    const answers = async (mode: 'keyword' | 'vector' | 'hybrid'): Promise<unknown[]> => {
      const words = new SeededText(1, 60).words
      const reports = []
      for (let i = 0; i < 6; i++) {
        const query = words.slice(i * 9, i * 9 + 3).join(' ')
        const {hits, degraded} = await rag.search(CORPUS, {query, mode, topK: 10})
        reports.push({degraded, hits: hits.map((hit) => [hit.chunkId, hit.score])})
      }
      return reports
    }
    const indexFiles = (): string[] => filesBelow(path.join(data, 'indexes'))
    const refused = async (work: Promise<unknown>, code: string): Promise<RagError> => {
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).to.be.instanceOf(RagError)
      expect((error as RagError).code).to.equal(code)
      return error as RagError
    }

    itAtScale('builds keyword index and segments anew, embeds nothing, and finds the same', async () => {
      writeTexts(0, 290, 15)
      await ingestTexts()
      const before = {
        vectors: stores.liveVectors(data),
        answers: [await answers('keyword'), await answers('hybrid')],
      }
      const files = indexFiles()
      const plan = await rag.planRebuild({corpus: CORPUS})
      const report = await rag.rebuild({corpus: CORPUS})
      expect(report).to.deep.include({
        action: 'rebuild',
        embedded: 0,
        interrupted: false,
        resumed: 0,
        pending: 0,
      })
      expect(plan).to.deep.include({
        dryRun: true,
        embedded: 0,
        vectors: report.vectors,
        segments: report.segments,
      })
      expect(plan.bytes.after / report.bytes.after).to.be.within(0.8, 1.25)
      expect(report.keywords).to.be.greaterThan(1000)
      expect(stores.liveVectors(data)).to.deep.equal(before.vectors)
      expect([await answers('keyword'), await answers('hybrid')]).to.deep.equal(before.answers)
      expect(indexFiles()).to.have.length(report.segments.after)
      expect(indexFiles()).to.not.deep.equal(files)
    })

    it('brings back index files that were deleted', async () => {
      await ingestVectors(30, 100)
      for (const file of indexFiles()) rmSync(file)
      const report = await rag.rebuild({corpus: CORPUS})
      expect(report.segments.after).to.be.greaterThan(0)
      expect((await rag.status()).ok).to.equal(true)
    })

    it('goes on after an interrupt, and until then changes nothing', async () => {
      await ingestVectors(80, 100)
      const before = indexFiles()
      const stop = new AbortController()
      const cut = await rag.rebuild(
        {corpus: CORPUS},
        {signal: stop.signal, onProgress: ({phase}) => phase === 'index' && stop.abort()},
      )
      expect(cut.interrupted).to.equal(true)
      expect(cut.segments.after).to.equal(cut.segments.before)
      expect(indexFiles()).to.include.members(before)
      expect((await rag.status()).notes.join()).to.contain('was cut off')
      // A write in between leaves what is finished.
      await ingestVectors(1, 3, 'new', 9)
      const report = await rag.rebuild({corpus: CORPUS})
      expect(report.resumed).to.be.greaterThan(0)
      expect(report.interrupted).to.equal(false)
      expect(indexFiles()).to.have.length(report.segments.after)
      expect((await rag.status()).notes).to.deep.equal([])
    })

    it('embeds anew beside the live vectors, keeps the old ones, goes back and forth', async () => {
      writeTexts(0, 60)
      await ingestTexts()
      const first = await answers('hybrid')
      writeTexts(60, 100)
      await ingestTexts()
      const old = await answers('vector')
      const plan = await rag.planRebuild({corpus: CORPUS, reembed: true, keepOld: true})
      const report = await rag.rebuild({corpus: CORPUS, reembed: true, keepOld: true})
      expect(report).to.deep.include({embeddingVersion: {before: 1, after: 2}, kept: 1, pending: 0})
      expect(plan).to.deep.include({
        embeddingVersion: {before: 1, after: 2},
        kept: 1,
        embedded: report.embedded,
      })
      expect(first).to.not.deep.equal(old)
      const renewed = await answers('vector')
      expect((await rag.showCorpus(CORPUS)).keptVersion).to.equal(1)
      // It outlives later writes, and gets what they bring when it is gone back to.
      writeTexts(100, 105)
      await ingestTexts()
      expect(stores.versions(data)).to.deep.equal([
        [1, 'retired', true],
        [2, 'live', false],
      ])
      await rag.deleteDocuments(CORPUS, ['doc-100.md', 'doc-101.md', 'doc-102.md', 'doc-103.md'])
      const back = await rag.rebuild({corpus: CORPUS, rollback: true})
      expect(back).to.deep.include({embeddingVersion: {before: 2, after: 1}, kept: 2, pending: 0})
      expect(back.embedded).to.be.greaterThan(0)
      await rag.deleteDocuments(CORPUS, ['doc-104.md'])
      expect(await answers('vector')).to.deep.equal(old)
      await rag.rebuild({corpus: CORPUS, rollback: true})
      expect(await answers('vector')).to.deep.equal(renewed)
      await rag.rebuild({corpus: CORPUS, reembed: true})
      expect(stores.versions(data)).to.deep.equal([[3, 'live', false]])
      await refused(rag.rebuild({corpus: CORPUS, rollback: true}), 'USAGE')
    })

    itAtScale('resumes an embedding that was cut off; until then new documents are in both', async () => {
      writeTexts(0, 290, 15)
      await ingestTexts()
      const stop = new AbortController()
      const cut = await rag.rebuild(
        {corpus: CORPUS, reembed: true, keepOld: true},
        {signal: stop.signal, onProgress: ({phase}) => phase === 'embed' && stop.abort()},
      )
      expect(cut).to.deep.include({interrupted: true, embeddingVersion: {before: 1, after: 1}, pending: 0})
      writeTexts(290, 292)
      // The ingest is stopped too, as soon as the live version has what is new.
      const again = new AbortController()
      const stopped = await rag.ingest(
        {corpus: CORPUS, dirs: [path.join(home, 'docs')]},
        {signal: again.signal, onProgress: ({phase}) => phase === 'embed' && again.abort()},
      )
      expect(stopped.chunks.pending).to.equal(0)
      expect(stores.versions(data)).to.deep.equal([
        [1, 'live', false],
        [2, 'building', false],
      ])
      const made = cut.embedded
      const report = await rag.rebuild({corpus: CORPUS, reembed: true})
      expect(report).to.deep.include({embeddingVersion: {before: 1, after: 2}, kept: 1, pending: 0})
      expect(report.embedded).to.be.at.most(report.vectors - made + 1024)
    })

    itOnDisk('gives chunks with a placeholder a vector under a new seq', async () => {
      writeTexts(0, 20)
      await ingestTexts()
      const before = stores.liveVectors(data)
      changeStore(data, (db) =>
        db.exec(`UPDATE vectors SET kind = 'dummy', vector = zeroblob(length(vector)) WHERE seq % 3 = 0;
        DELETE FROM vectors WHERE seq % 7 = 0; UPDATE corpora SET counted_version = -1`),
      )
      const plan = await rag.planRebuild({corpus: CORPUS, reembed: true, onlyMissing: true})
      const report: RebuildReport = await rag.rebuild({corpus: CORPUS, reembed: true, onlyMissing: true})
      expect(report).to.include({action: 'fill', pending: 0, dummy: 0, vectors: before.length})
      expect(plan.embedded).to.equal(report.embedded)
      const bytes = (rows: readonly SeqVector[]): string[] => rows.map(([, vector]) => vector).sort()
      expect(bytes(stores.liveVectors(data))).to.deep.equal(bytes(before))
    })

    it('refuses what makes no sense, and embeds vectors that came with documents by lsa when asked', async () => {
      await ingestVectors(30, 20)
      expect((await refused(rag.rebuild({corpus: CORPUS, reembed: true}), 'MODEL_MISMATCH')).hint).to.contain(
        '--model lsa',
      )
      await refused(rag.rebuild({corpus: CORPUS, reembed: true, model: 'external:b'}), 'MODEL_MISMATCH')
      await refused(rag.rebuild({corpus: CORPUS, reembed: true, model: 'none:sense'}), 'MODEL_UNKNOWN')
      await refused(rag.rebuild({corpus: CORPUS, reembed: true, model: 'nonsense'}), 'MODEL_MISSING')
      await refused(rag.rebuild({corpus: CORPUS, keepOld: true}), 'USAGE')
      await refused(rag.rebuild({corpus: CORPUS, rollback: true, reembed: true}), 'USAGE')
      await refused(rag.rebuild({corpus: CORPUS, compact: true, onlyMissing: true}), 'USAGE')
      await refused(rag.rebuild({corpus: 'gone'}), 'CORPUS_MISSING')
      expect(stores.versions(data)).to.deep.equal([[1, 'live', false]])
      const report = await rag.rebuild({corpus: CORPUS, reembed: true, keepOld: true, model: 'lsa'})
      expect(report).to.deep.include({
        model: 'lsa',
        embeddingVersion: {before: 1, after: 2},
        kept: 1,
        pending: 0,
      })
      expect((await rag.showCorpus(CORPUS)).settings.model).to.equal('lsa')
      expect((await rag.search(CORPUS, {query: 'doc-3 part', mode: 'vector'})).hits).to.not.deep.equal([])
      await rag.rebuild({corpus: CORPUS, rollback: true})
      expect((await rag.showCorpus(CORPUS)).settings.model).to.equal('external:test')
      expect((await rag.showCorpus(CORPUS)).dimension).to.equal(16)
    })

    itOnDisk('a dry run changes not one byte', async () => {
      await ingestVectors(30, 100)
      await rag.close()
      const look = (): unknown[] =>
        filesBelow(data).map((file) => [file, statSync(file).size, statSync(file).mtimeMs])
      const before = look().filter((entry) => !/-(shm|wal)$/.test((entry as string[])[0]!))
      rag = await stores.open({dataDir: data})
      for (const more of [{}, {compact: true}, {reembed: true, model: 'lsa'}, {onlyMissing: true}])
        await rag.planRebuild({corpus: CORPUS, ...more})
      await rag.close()
      expect(look().filter((entry) => !/-(shm|wal)$/.test((entry as string[])[0]!))).to.deep.equal(before)
      rag = await stores.open({dataDir: data})
    })

    itAtScale('1,000 ingests of one document leave a handful of files and little waste', async function () {
      this.timeout(240_000)
      const documents = vectorDocuments(1000, {chunks: 20, dimension: 8})
      let most = 0
      for (const [i, document] of documents.entries()) {
        const jsonl = writeJsonl(path.join(home, 'one.jsonl'), [document])
        await rag.ingest({corpus: CORPUS, jsonl, settings: {model: 'external:test'}})
        if (i % 50 === 0) most = Math.max(most, indexFiles().length)
      }
      const report = await rag.showCorpus(CORPUS)
      console.log(
        `      ${indexFiles().length} files (at most ${most}), ${report.tail} vectors in the tail, ${report.bytes} bytes`,
      )
      expect(report.vectors).to.equal(20_000)
      expect(indexFiles().length).to.be.within(1, 8)
      expect(most).to.be.at.most(8)
      const perVector = 4 * 8 + 160
      expect(report.bytes).to.be.at.most(1.5 * 20_000 * perVector)
    })

    it('a hard delete leaves neither a kept model nor staged segments that hold what was removed', async () => {
      writeTexts(0, 60)
      await ingestTexts()
      await rag.rebuild({corpus: CORPUS, reembed: true, keepOld: true})
      const {hard} = await rag.deleteDocuments(CORPUS, ['doc-3.md'], {hard: true})
      expect(hard!.proof.filter(({absent}) => !absent)).to.deep.equal([])
      expect(hard!.keptVersionDropped).to.equal(1)
      expect((await rag.showCorpus(CORPUS)).keptVersion).to.equal(undefined)
      expect(readdirSync(path.join(data, 'models', CORPUS))).to.have.length(1)
    })
  })
