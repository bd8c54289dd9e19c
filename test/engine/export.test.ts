import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {ExportRequest, Rag} from '../../src/lib/index.js'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {STORE_KINDS, type RagStores} from '../support/rag-stores.js'
import {ScriptedProvider} from '../support/scripted-provider.js'
import {rejects} from '../support/store-fixtures.js'
import {bytesOf} from '../support/temp-home.js'

const CORPUS = path.resolve('examples/corpus')
const QUERIES = [
  'why did half of my bees fly away',
  'compute_harmonic_level',
  'Schnecken',
  'parental leave',
  'zzz',
]

for (const {name: kind, createStores} of STORE_KINDS)
  describe(`Rag.export (${kind})`, function () {
    this.timeout(60_000)
    let home: string
    let stores: RagStores
    let provider: ScriptedProvider
    let rag: Rag
    const opened: Rag[] = []
    const open = async (name: string): Promise<Rag> => {
      const one = await stores.open({dataDir: path.join(home, name), maxWorkers: 2, providers: [provider]})
      opened.push(one)
      return one
    }
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-export-'))
      stores = createStores()
      provider = new ScriptedProvider()
      rag = await open('a')
    })
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close()
      rmSync(home, {recursive: true, force: true})
    })

    const out = (name = 'out'): string => path.join(home, name)
    const filesIn = (folder: string): string[] => readdirSync(folder).filter((name) => !name.startsWith('.'))
    const write = (more: Partial<ExportRequest> = {}): ReturnType<Rag['export']> =>
      rag.export({corpus: 'c', dir: out(), ...more})
    const readBack = async (name: string, dir = out()): Promise<Rag> => {
      const other = await open(name)
      const report = await other.replay({corpus: 'c', globs: [`${dir}/*.msgpack*`]})
      expect([report.failures, report.failed]).to.deep.equal([[], 0])
      return other
    }
    const answers = async (of: Rag): Promise<unknown[]> => {
      const all: unknown[] = []
      for (const query of QUERIES)
        for (const mode of ['keyword', 'hybrid', 'vector'] as const) {
          const report = await of.search('c', {query, mode, topK: 20})
          all.push([
            mode,
            report.degraded,
            report.hits.map(({chunkId, score, lines, heading, metadata}) => ({
              chunkId,
              score,
              lines,
              heading,
              metadata,
            })),
          ])
        }
      return all
    }
    const same = async (other: Rag, name: string): Promise<void> => {
      expect(stores.snapshot(path.join(home, name), 'c')).to.deep.equal(
        stores.snapshot(path.join(home, 'a'), 'c'),
      )
      const [theirs, ours] = [await answers(other), await answers(rag)]
      for (let i = 0; i < ours.length; i++) expect(theirs[i], `answer ${i}`).to.deep.equal(ours[i])
      expect(stores.faults(path.join(home, name))).to.deep.equal([])
    }

    for (const compress of [undefined, 'gzip', 'zstd'] as const)
      it(`leaves as batches (${compress ?? 'plain'}) of which replay makes the same corpus, with its learned model`, async () => {
        await rag.ingest({corpus: 'c', dirs: [CORPUS]})
        await rag.deleteDocuments('c', ['bees/varroa.md'])
        await rag.deleteDocuments('c', ['bees/glossary.txt'], {hard: true})
        await rag.upsertDocument({corpus: 'c', docId: 'garten/kompost.txt', text: 'Kompost reift im Sommer.'})
        const report = await write({maxRecords: 20, ...(compress ? {compress} : {})})
        expect(report.files.length).to.be.greaterThan(2)
        expect([report.documents, report.records, report.vectors]).to.deep.equal([
          40,
          report.records,
          report.records,
        ])
        const other = await readBack('b')
        await same(other, 'b')
        expect((await other.replay({corpus: 'c', globs: [`${out()}/*.msgpack*`]})).inserted).to.equal(0)
      })

    it('keeps vectors of served and external models, and what is pending, empty or a placeholder', async () => {
      writeBatchFile(path.join(home, 'x.msgpack'), [...sketchRecords(0, 5, 8), ...sketchRecords(5, 8)], {
        model: 'm',
      })
      await rag.replay({corpus: 'c', files: [path.join(home, 'x.msgpack')]})
      await write()
      const other = await readBack('b')
      expect(await other.showCorpus('c')).to.deep.include({vectors: 5, pending: 3, model: 'm'})
      await rag.deleteCorpus('c')
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')], settings: {model: 'scripted:a'}})
      await rejects(write(), 'USAGE')
      await write({dir: out('third')})
      const third = await readBack('d', out('third'))
      const asked = provider.asked.length
      await same(third, 'd')
      expect(provider.asked.length).to.equal(asked)
    })

    it('gives the same files for the same state, and takes the place of an earlier export', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      await write()
      await write({dir: out('again')})
      expect(bytesOf(out('again'))).to.deep.equal(bytesOf(out()))
      const before = filesIn(out())
      await rag.deleteDocuments('c', ['varroa.md'])
      await write()
      const after = filesIn(out())
      expect(after).to.have.length(before.length)
      expect(after.filter((name) => before.includes(name))).to.deep.equal(['manifest.json'])
    })

    it('--since brings what changed and names what was deleted; replay does both', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      const {corpusVersion} = await write()
      const other = await readBack('b')
      await rag.deleteDocuments('c', ['varroa.md'])
      await rag.upsertDocument({
        corpus: 'c',
        docId: 'glossary.txt',
        text: 'Drone: a male bee. Colony: all bees of a hive.',
      })
      const changes = await write({dir: out('changes'), since: corpusVersion})
      expect([changes.documents, changes.deleted]).to.deep.equal([1, 1])
      await other.replay({corpus: 'c', globs: [`${out('changes')}/*.msgpack`]})
      expect((await other.listDocuments('c')).documents.map(({docId}) => docId)).to.deep.equal(
        (await rag.listDocuments('c')).documents.map(({docId}) => docId),
      )
      expect((await other.showDocument('c', 'glossary.txt')).chunks[0]!.text).to.match(/^Drone/)
      await rejects(write({dir: out('x'), since: 1e6}), 'USAGE')
      await rag.deleteDocuments('c', ['swarm-control.md'], {hard: true})
      await rejects(write({dir: out('x'), since: corpusVersion}), 'MODEL_MISMATCH')
    })

    it('of JSON Lines is what rag ingest --jsonl takes, vectors included', async () => {
      writeBatchFile(path.join(home, 'x.msgpack'), sketchRecords(0, 6, 8), {model: 'm'})
      await rag.replay({corpus: 'c', files: [path.join(home, 'x.msgpack')]})
      const {files} = await write({format: 'jsonl'})
      const other = await open('b')
      await other.ingest({
        corpus: 'c',
        jsonl: path.join(out(), files[0]!.file),
        settings: {model: 'external:m'},
      })
      expect(await other.showCorpus('c')).to.deep.include({documents: 6, vectors: 6, pending: 0})
    })

    it('that was damaged on its way is noticed before anything of it is taken in', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      const {files} = await write()
      const file = path.join(out(), files[0]!.file)
      const whole = readFileSync(file)
      for (const at of [0, 100, whole.length - 1, whole.length >> 1]) {
        const damaged = Buffer.from(whole)
        damaged[at]! ^= 4
        writeFileSync(file, damaged)
        const other = await open(`b${at}`)
        const report = await other.replay({corpus: 'c', files: [file]})
        expect([report.inserted, report.files[0]!.error?.code]).to.deep.equal([0, 'BATCH_DAMAGED'])
      }
      writeFileSync(file, whole.subarray(0, -1))
      expect((await (await open('e')).replay({corpus: 'c', files: [file]})).files[0]!.error?.code).to.equal(
        'BATCH_DAMAGED',
      )
    })

    /** What must be as it was. */
    const contentOf = (folder: string): unknown =>
      readdirSync(folder, {recursive: true, withFileTypes: true})
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(path.join(entry.parentPath, entry.name), 'utf8')])
    const refuses = async (
      work: Promise<unknown>,
      code: string,
      says: RegExp,
      folder = out(),
    ): Promise<void> => {
      const before = contentOf(folder)
      const error = await work.then(
        () => new Error('it went through'),
        (thrown: unknown) => thrown as Error & {code: string; hint: string},
      )
      expect(error).to.include({code})
      expect(`${error.message} ${(error as {hint?: string}).hint ?? ''}`).to.match(says)
      expect(contentOf(folder), 'nothing there was touched').to.deep.equal(before)
    }

    it('leaves a folder alone whose manifest.json is of another program', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      for (const [i, text] of [
        '{"name": "an app"}',
        'no JSON',
        '[]',
        'null',
        '{"format": "other"}',
      ].entries()) {
        const dir = out(`theirs-${i}`)
        mkdirSync(dir)
        writeFileSync(path.join(dir, 'manifest.json'), text)
        writeFileSync(path.join(dir, 'c-v1-00001.msgpack'), 'theirs')
        await refuses(
          write({dir}),
          'USAGE',
          /of another program\. Nothing there was touched\..*--out DIR/,
          dir,
        )
      }
    })

    it('takes no folder for its own by the names of files alone', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      await write()
      rmSync(path.join(out(), 'manifest.json'))
      await refuses(write(), 'USAGE', /holds other files.*--out DIR/)
    })

    it('never replaces the export of another corpus, or of one of the same name elsewhere', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      await rag.ingest({corpus: 'other', dirs: [path.join(CORPUS, 'bees')]})
      await write()
      await refuses(write({corpus: 'other'}), 'USAGE', /export of corpus "c", not of "other".*--out DIR/)
      const elsewhere = await open('b')
      await elsewhere.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      await refuses(
        elsewhere.export({corpus: 'c', dir: out()}),
        'USAGE',
        /another corpus "c": that one was made/,
      )
      await write()
    })

    it('refuses to go on where its own manifest is damaged, and says how to go on', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      await write()
      const manifest = path.join(out(), 'manifest.json')
      const whole = readFileSync(manifest, 'utf8')
      const says = /not as rag wrote it.*Nothing there was touched.*--out DIR.*remove the folder/
      for (const text of [whole.slice(0, 300), whole.replace('"records": ', '"records": 1')]) {
        writeFileSync(manifest, text)
        await refuses(write(), 'BATCH_DAMAGED', says)
      }
      writeFileSync(manifest, whole)
      await write()
    })

    it('leaves alone what others put beside it, and takes away only what it wrote', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      await write()
      writeFileSync(path.join(out(), 'NOTES.txt'), 'to be sent on Friday')
      writeFileSync(path.join(out(), 'c-v1-00001.msgpack'), 'theirs')
      await rag.deleteDocuments('c', ['varroa.md'])
      await write()
      expect(filesIn(out())).to.include.members(['NOTES.txt', 'c-v1-00001.msgpack'])
      const {files} = JSON.parse(readFileSync(path.join(out(), 'manifest.json'), 'utf8')) as {
        files: unknown[]
      }
      expect(filesIn(out())).to.have.length(files.length + 4)
    })

    it('refuses batches of an export that its manifest does not name: a mix of two is never taken in', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      const {files} = await write({dir: out('before')})
      await rag.deleteDocuments('c', ['varroa.md'])
      await write()
      cpSync(path.join(out('before'), files[0]!.file), path.join(out(), files[0]!.file))
      writeBatchFile(path.join(out(), 'theirs.msgpack'), sketchRecords(0, 2))
      const other = await open('b')
      const report = await other.replay({corpus: 'c', globs: [`${out()}/*.msgpack`]})
      const faults = report.files.filter(({error}) => error)
      expect(
        faults.map(({file, inserted, error}) => [path.basename(file), inserted, error?.code]),
      ).to.deep.equal([[files[0]!.file, 0, 'BATCH_DAMAGED']])
      expect(faults[0]!.error!.message).to.match(/does not name it/)
      const ids = (await other.listDocuments('c')).documents.map(({docId}) => docId)
      expect(ids).not.to.include('varroa.md')
      expect(ids).to.have.length((await rag.listDocuments('c')).documents.length + 2)
    })

    it('refuses batches of an export beside which the manifest is damaged, whatever is left of it', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      await write()
      const manifest = path.join(out(), 'manifest.json')
      const whole = readFileSync(manifest, 'utf8')
      writeBatchFile(path.join(out(), 'theirs.msgpack'), sketchRecords(0, 2))
      for (const [n, text] of [
        '',
        whole.slice(0, 200),
        whole.replace('rag-export', 'rag-expprt'),
        '{"name": "another program"}',
      ].entries()) {
        writeFileSync(manifest, text)
        const other = await open(`b${n}`)
        const {files, inserted} = await other.replay({corpus: 'c', globs: [`${out()}/*.msgpack`]})
        const codes = files.map(({file, error}) => [path.basename(file) === 'theirs.msgpack', error?.code])
        expect(codes, text).to.deep.include([true, undefined])
        expect(codes.filter(([isTheirs, code]) => !isTheirs && code !== 'BATCH_DAMAGED')).to.deep.equal([])
        expect(inserted).to.equal(2)
      }
      rmSync(manifest)
      expect(
        (await (await open('b')).replay({corpus: 'c', globs: [`${out()}/*.msgpack`]})).failures,
      ).to.deep.equal([])
    })

    it('since a version brings what had no vector then', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')], settings: {model: 'scripted:a'}})
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'sailing')], textOnly: true})
      const {corpusVersion} = await write()
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'sailing')]})
      const changes = await write({dir: out('changes'), since: corpusVersion})
      expect(changes.documents).to.be.greaterThan(0)
      expect(changes.vectors).to.equal(changes.records)
      const other = await readBack('b')
      await other.replay({corpus: 'c', globs: [`${out('changes')}/*.msgpack`]})
      await same(other, 'b')
    })

    it('refuses a folder of others, and writes nothing when it is stopped', async () => {
      await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
      await rejects(write({dir: home}), 'USAGE')
      await rejects(rag.export({corpus: 'c', dir: out()}, {signal: AbortSignal.abort()}), 'INTERRUPTED')
      expect(filesIn(out())).to.deep.equal([])
      await rejects(write({format: 'jsonl', compress: 'gzip'}), 'USAGE')
      await rejects(rag.export({corpus: 'nope', dir: out()}), 'CORPUS_MISSING')
    })
  })
