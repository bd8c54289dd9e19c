import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {RagError, type IngestReport, type IngestRequest, type Rag} from '../../src/lib/index.js'
import {STORE_KINDS, type RagStores} from '../support/rag-stores.js'
import {ScriptedProvider} from '../support/scripted-provider.js'
import {SeededText} from '../support/seeded-text.js'
import {rejects} from '../support/store-fixtures.js'
import {bytesOf} from '../support/temp-home.js'

interface Manifest {
  readonly model: {readonly fingerprint: string}
  readonly files: readonly {readonly file: string; readonly run: number}[]
  readonly runs: readonly {
    readonly run: number
    readonly complete: boolean
    readonly documents: number
    readonly deleted: readonly string[]
  }[]
}

for (const {name: kind, createStores, itOnDisk, itAtScale} of STORE_KINDS)
  describe(`rag ingest --msgpack-out (${kind})`, function () {
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
      home = mkdtempSync(path.join(tmpdir(), 'rag-leave-'))
      stores = createStores()
      provider = new ScriptedProvider()
      rag = await open('a')
    })
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close()
      rmSync(home, {recursive: true, force: true})
    })

    const at = (name: string): string => path.join(home, name)
    const write = (files: Readonly<Record<string, string>>): void => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(at(name)), {recursive: true})
        writeFileSync(at(name), text)
      }
    }
    const ingest = (more: Partial<IngestRequest> = {}): Promise<IngestReport> =>
      rag.ingest({
        corpus: 'c',
        dirs: [at('docs')],
        prune: true,
        msgpackOut: at('out'),
        settings: {model: 'scripted:a'},
        ...more,
      })
    const batches = (): string[] => readdirSync(at('out')).filter((name) => name.endsWith('.msgpack'))
    const manifest = (): Manifest => JSON.parse(readFileSync(at('out/manifest.json'), 'utf8')) as Manifest
    const replay = async (name: string, more: object = {}): Promise<Rag> => {
      const other = await open(name)
      const report = await other.replay({corpus: 'c', globs: [`${at('out')}/*.msgpack`], ...more})
      expect([report.failures, report.failed, report.failure]).to.deep.equal([[], 0, undefined])
      return other
    }
    const content = (name: string): unknown => {
      const {documents, chunks, vectors} = stores.snapshot(at(name), 'c')
      return {documents, chunks, vectors}
    }
    /** The corpus elsewhere is this one. */
    const same = (name: string): void => {
      expect(content(name)).to.deep.equal(content('a'))
      expect(stores.faults(at(name))).to.deep.equal([])
    }

    it('writes what each run embedded beside what the runs before wrote, and replay makes the same corpus of it', async () => {
      write({'docs/a.md': '# A\n\nabout bees', 'docs/b.md': '# B\n\nabout boats'})
      const first = await ingest()
      expect(first.left).to.deep.include({
        run: 1,
        documents: 2,
        records: 2,
        vectors: 2,
        deleted: 0,
        waiting: 0,
      })
      expect(first.left!.bytes).to.equal(first.left!.files[0]!.sizeBytes)
      const before = bytesOf(at('out'))
      await replay('b')
      same('b')
      write({'docs/b.md': '# B\n\nabout ships', 'docs/c.md': '# C\n\nabout bread'})
      rmSync(at('docs/a.md'))
      const second = await ingest()
      expect(second.left).to.deep.include({run: 2, documents: 2, deleted: 1})
      const after = bytesOf(at('out'))
      for (const [name, bytes] of Object.entries(before))
        if (name.endsWith('.msgpack')) expect(Object.entries(after)).to.deep.include([name, bytes])
      expect(batches()).to.have.length(2)
      expect([...batches()].sort().map((name) => name.slice(0, 11))).to.deep.equal([
        'c-run000001',
        'c-run000002',
      ])
      const asked = provider.asked.length
      await replay('b')
      same('b')
      await replay('fresh')
      same('fresh')
      expect(provider.asked.length, 'nothing is embedded elsewhere').to.equal(asked)
    })

    it('writes nothing when nothing changed, and only what this run embedded of a corpus that was there', async () => {
      write({'docs/a.md': 'about bees', 'docs/b.md': 'about boats'})
      await ingest({msgpackOut: undefined} as never)
      write({'docs/c.md': 'about bread'})
      expect((await ingest()).left).to.deep.include({run: 1, documents: 1})
      const before = bytesOf(at('out'))
      const {left} = await ingest()
      expect(left).to.deep.equal({
        ...{
          dir: at('out'),
          files: [],
          documents: 0,
          records: 0,
          vectors: 0,
          deleted: 0,
          bytes: 0,
          waiting: 0,
        },
      })
      expect(bytesOf(at('out'))).to.deep.equal(before)
    })

    it('lets only whole documents leave: what a service that is down did not embed leaves when it is up', async () => {
      write({'docs/a.md': 'about bees'})
      await ingest()
      write({'docs/b.md': 'about boats'})
      provider.textsLeft = 0
      const down = await ingest()
      expect([down.failure?.code, down.left]).to.deep.equal([
        'EMBEDDER_UNREACHABLE',
        {...down.left, files: [], documents: 0, waiting: 1},
      ])
      write({'docs/c.md': 'about bread'})
      provider.textsLeft = Infinity
      expect((await ingest()).left).to.deep.include({run: 2, documents: 2, waiting: 0})
      await replay('b')
      same('b')
    })

    it('brings later what runs without it, or runs that were stopped, embedded', async () => {
      write({'docs/a.md': 'about bees'})
      await ingest()
      write({'docs/b.md': 'about boats'})
      await ingest({msgpackOut: undefined} as never)
      write({'docs/c.md': 'about bread'})
      const stopper = new AbortController()
      const stopped = await rag.ingest(
        {corpus: 'c', dirs: [at('docs')], msgpackOut: at('out')},
        {
          signal: stopper.signal,
          onProgress: ({phase}) => {
            if (phase === 'copy' || phase === 'embed') stopper.abort()
          },
        },
      )
      expect([stopped.interrupted, stopped.left?.files]).to.deep.equal([true, []])
      expect(batches()).to.have.length(1)
      await ingest()
      await replay('b')
      same('b')
    })

    it('names a document no longer as deleted that comes again', async () => {
      write({'docs/a.md': 'about bees', 'docs/b.md': 'about boats'})
      await ingest()
      rmSync(at('docs/a.md'))
      await ingest()
      expect(manifest().runs[1]!.deleted).to.deep.equal(['a.md'])
      write({'docs/a.md': 'about bees, again'})
      await ingest()
      expect(manifest().runs[1]!.deleted).to.deep.equal([])
      await replay('b')
      same('b')
    })

    it('deletes elsewhere what a batch of an earlier run brings back', async () => {
      write({'docs/a.md': 'about bees', 'docs/b.md': 'about boats'})
      await ingest()
      rmSync(at('docs/a.md'))
      await ingest()
      write({'docs/c.md': 'about bread'})
      await ingest()
      await replay('b')
      same('b')
      const [first] = batches().sort()
      const other = await replay('b', {globs: [], files: [path.join(at('out'), first!)]})
      expect((await other.listDocuments('c')).documents.map(({docId}) => docId)).to.deep.equal([
        'b.md',
        'c.md',
      ])
    })

    it('says so when deletions can be told no more, once', async () => {
      write({'docs/a.md': 'about bees', 'docs/b.md': 'about boats'})
      await ingest()
      await rag.deleteDocuments('c', ['a.md'], {hard: true})
      rmSync(at('docs/a.md'))
      expect((await ingest()).notes.join()).to.match(
        /removed for good since version \d+; batches can't name them/,
      )
      expect((await ingest()).notes).to.deep.equal([])
    })

    it('brings everything anew by another model; elsewhere only that is taken', async () => {
      write({'docs/a.md': 'about bees', 'docs/b.md': 'about boats'})
      await ingest()
      write({'docs/c.md': 'about bread'})
      await rag.rebuild({corpus: 'c', reembed: true, model: 'scripted:b'})
      const moved = await ingest({settings: {}})
      expect(moved.left).to.deep.include({run: 2, documents: 3})
      expect(manifest().runs.map(({complete}) => complete)).to.deep.equal([false, true])
      const other = await open('b')
      const report = await other.replay({
        corpus: 'c',
        globs: [`${at('out')}/*.msgpack`],
        stateFile: at('state'),
      })
      expect([report.failures, report.files.map(({inserted, whole}) => [inserted, whole])]).to.deep.equal([
        [],
        [
          [0, true],
          [3, true],
        ],
      ])
      expect(report.notes.join()).to.match(/1 of the files hold vectors of a model that was given up/)
      same('b')
      const again = await other.replay({
        corpus: 'c',
        globs: [`${at('out')}/*.msgpack`],
        stateFile: at('state'),
      })
      expect(again.files).to.deep.equal([])
    })

    it('elsewhere a corpus that followed goes over to the new model; one that did not is left as it is', async () => {
      write({'docs/a.md': 'about bees', 'docs/b.md': 'about boats'})
      await ingest()
      const other = await replay('b', {stateFile: at('b.json')})
      await other.upsertDocument({corpus: 'c', docId: 'own', text: 'a document of its own'})
      const stranger = await open('stranger')
      await stranger.ingest({corpus: 'c', dirs: [at('docs')], settings: {model: 'scripted:other'}})
      await rag.rebuild({corpus: 'c', reembed: true, model: 'scripted:b'})
      write({'docs/c.md': 'about bread'})
      await ingest({settings: {}})
      const before = content('b')
      await other.replay({corpus: 'c', globs: [`${at('out')}/*.msgpack`], dryRun: true})
      expect(content('b'), 'a dry run').to.deep.equal(before)
      await replay('b', {stateFile: at('b.json')})
      expect(await other.showCorpus('c')).to.deep.include({model: 'scripted:b', documents: 4, pending: 0})
      await other.deleteDocuments('c', ['own'])
      same('b')
      const refused = await stranger.replay({corpus: 'c', globs: [`${at('out')}/*.msgpack`]})
      expect([refused.inserted, refused.files.at(-1)!.error?.code]).to.deep.equal([0, 'MODEL_MISMATCH'])
      expect(await stranger.showCorpus('c')).to.deep.include({model: 'scripted:other'})
      write({'docs/d.md': 'about stones'})
      await ingest({settings: {}})
      await replay('b', {stateFile: at('b.json')})
      same('b')
    })

    itAtScale('takes a learned model along, and the new one when it was learned anew', async () => {
      const text = new SeededText(3, 80)
      for (let i = 0; i < 40; i++) write({[`docs/d${i}.md`]: text.document(i % 8, 6, 12)})
      await ingest({settings: {}})
      const models = (): string[] => readdirSync(at('out')).filter((name) => name.endsWith('.lsa'))
      expect(models()).to.have.length(1)
      await replay('b')
      same('b')
      write({'docs/more.md': text.document(1, 6, 12)})
      await ingest({settings: {}})
      await replay('b')
      same('b')
      for (let i = 0; i < 200; i++) write({[`docs/e${i}.md`]: text.document(i % 8, 6, 12)})
      await ingest({settings: {}})
      expect(manifest().runs.at(-1)!.complete).to.equal(true)
      expect(models()).to.have.length(1)
      await replay('fresh')
      same('fresh')
      await replay('b')
      same('b')
    })

    it('is made in the folder that is ingested, and is not ingested', async () => {
      write({'docs/a.md': 'about bees'})
      for (let i = 0; i < 3; i++) {
        const report = await ingest({msgpackOut: at('docs/out')})
        expect([report.documents.added, report.documents.deleted]).to.deep.equal([i === 0 ? 1 : 0, 0])
      }
      const plan = await rag.planIngest({corpus: 'c', dirs: [at('docs')], msgpackOut: at('docs/out')})
      expect(plan.add).to.deep.equal([])
      expect(existsSync(at('docs/out/manifest.json'))).to.equal(true)
    })

    it('a dry run writes nothing, and refuses what a run would refuse', async () => {
      write({'docs/a.md': 'about bees', 'theirs/x.txt': 'theirs'})
      const request = {corpus: 'c', dirs: [at('docs')]}
      await rag.planIngest({...request, msgpackOut: at('out')})
      expect(existsSync(at('out'))).to.equal(false)
      await rejects(rag.planIngest({...request, msgpackOut: at('theirs')}), 'USAGE')
      await rejects(rag.planIngest({...request, msgpackOut: home}), 'USAGE')
    })

    it('finds out before the work begins that it can not write there', async () => {
      write({'docs/a.md': 'about bees', 'theirs/x.txt': 'theirs', file: 'x'})
      await rejects(ingest({msgpackOut: at('theirs')}), 'USAGE')
      await rejects(ingest({msgpackOut: at('file')}), 'STORE_UNUSABLE')
      await rejects(ingest({dirs: [at('docs')], msgpackOut: home}), 'USAGE')
      if (process.getuid?.() !== 0) {
        mkdirSync(at('closed'))
        chmodSync(at('closed'), 0o555)
        await rejects(ingest({msgpackOut: at('closed/out')}), 'STORE_READ_ONLY')
        await rejects(ingest({msgpackOut: at('closed')}), 'STORE_READ_ONLY')
      }
      expect(existsSync(at('a/rag.db')), 'nothing was made').to.equal(false)
    })

    it('gives each corpus, and each kind of export, a folder of its own', async () => {
      write({'docs/a.md': 'about bees'})
      await ingest()
      const before = bytesOf(at('out'))
      await rejects(ingest({corpus: 'other'}), 'USAGE')
      await rejects(rag.export({corpus: 'c', dir: at('out')}), 'USAGE')
      const elsewhere = await open('b')
      await rejects(elsewhere.ingest({corpus: 'c', dirs: [at('docs')], msgpackOut: at('out')}), 'USAGE')
      expect(bytesOf(at('out'))).to.deep.equal(before)
      await rag.export({corpus: 'c', dir: at('whole')})
      await rejects(ingest({msgpackOut: at('whole')}), 'USAGE')
      writeFileSync(at('out/manifest.json'), readFileSync(at('out/manifest.json'), 'utf8').slice(0, -40))
      await rejects(ingest(), 'BATCH_DAMAGED')
    })

    itOnDisk('does not go on where an older state was restored', async () => {
      write({'docs/a.md': 'about bees'})
      await ingest()
      await rag.close()
      cpSync(at('a'), at('old'), {recursive: true})
      rag = await open('a')
      write({'docs/b.md': 'about boats'})
      await ingest()
      rag = await open('old')
      const error = await ingest().catch((thrown: unknown) => thrown as RagError)
      expect(error).to.be.instanceOf(RagError)
      expect((error as RagError).message).to.match(
        /go up to version \d+ .* an older state of it was restored/,
      )
    })
  })
