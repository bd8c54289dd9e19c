import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {Rag, WatchEvent, WatchReport, WatchRequest} from '../../src/lib/index.js'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {STORE_KINDS} from '../support/rag-stores.js'
import {ScriptedProvider} from '../support/scripted-provider.js'
import {rejects} from '../support/store-fixtures.js'

for (const {name, createStores} of STORE_KINDS)
  describe(`Rag.watch (${name})`, function () {
    this.timeout(30_000)
    let home: string
    let provider: ScriptedProvider
    let rag: Rag
    let events: WatchEvent[]
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-watch-'))
      provider = new ScriptedProvider()
      rag = await createStores().open({
        dataDir: path.join(home, 'data'),
        maxWorkers: 1,
        providers: [provider],
      })
      events = []
    })
    afterEach(async () => {
      await rag.close()
      rmSync(home, {recursive: true, force: true})
    })

    const at = (file: string): string => path.join(home, 'in', file)
    const kinds = (): string[] =>
      events.map(({kind}) => kind).filter((kind) => kind !== 'status' && kind !== 'note')
    const batches = (more: object = {}): WatchRequest => ({
      batches: {corpus: 'c', globs: [at('*.msgpack')], ...more},
      intervalMs: 20,
      settleMs: 0,
    })
    /** Watches until `until` holds, then stops. */
    async function watchUntil(
      request: WatchRequest,
      until: () => boolean | Promise<boolean>,
    ): Promise<WatchReport> {
      const controller = new AbortController()
      const running = rag.watch(request, {signal: controller.signal, onEvent: (event) => events.push(event)})
      const deadline = Date.now() + 10_000
      while (!(await until())) {
        if (Date.now() > deadline) break
        await new Promise((resolve) => setTimeout(resolve, 15))
      }
      controller.abort()
      return running
    }
    const once = (request: WatchRequest): Promise<WatchReport> =>
      rag.watch({...request, once: true}, {onEvent: (event) => events.push(event)})

    it('loads what is there and what comes, each once, and waits where nothing is', async () => {
      const report = await watchUntil(batches(), () => {
        if (events.length >= 2 && !existsSync(at('a.msgpack')))
          writeBatchFile(at('a.msgpack'), sketchRecords(0, 3))
        if (kinds().length === 1 && !existsSync(at('b.msgpack')))
          writeBatchFile(at('b.msgpack'), sketchRecords(3, 5))
        return kinds().length === 2
      })
      expect(events[0]).to.deep.include({kind: 'note'})
      expect(report).to.include({files: 2, inserted: 5, waiting: 0, interrupted: true, lagMs: 0})
      expect(report.lastSuccessMs).to.be.a('number')
    })

    it('takes a rewritten file again', async () => {
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 3))
      let isRewritten = false
      const report = await watchUntil(batches(), () => {
        if (kinds().length === 1 && !isRewritten) {
          writeBatchFile(at('a.msgpack'), sketchRecords(0, 6))
          isRewritten = true
        }
        return kinds().length >= 2
      })
      expect([report.inserted, report.skipped]).to.deep.equal([6, 3])
    })

    it('goes on with its state file after a restart, and takes names that others wrote', async () => {
      const stateFile = path.join(home, 'state.json')
      writeFileSync(stateFile, JSON.stringify([at('old.msgpack')]))
      for (const name of ['old', 'a', 'b'])
        writeBatchFile(at(`${name}.msgpack`), sketchRecords(0, name.length))
      expect((await once(batches({stateFile}))).files).to.equal(2)
      expect((await once(batches({stateFile}))).files).to.equal(0)
      expect(JSON.parse(readFileSync(stateFile, 'utf8'))).to.have.length(3)
    })

    it('leaves a file that is still being written alone', async () => {
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 3))
      const report = await once({...batches(), settleMs: 60_000})
      expect([report.files, report.waiting]).to.deep.equal([0, 1])
      utimesSync(at('a.msgpack'), 1, 1)
      expect((await once({...batches(), settleMs: 60_000})).files).to.equal(1)
    })

    it('sets a bad batch aside after so many failures, with the reason beside it, and blocks no other', async () => {
      writeBatchFile(at('good.msgpack'), sketchRecords(0, 2))
      writeBatchFile(at('bad.msgpack'), [{no: 'text'}])
      const report = await watchUntil({...batches(), maxFailures: 3}, () =>
        events.some(({kind}) => kind === 'set-aside'),
      )
      expect(kinds()).to.deep.equal(['failed', 'processed', 'failed', 'set-aside'])
      expect(report).to.include({setAside: 1, waiting: 0})
      expect([existsSync(at('bad.msgpack')), existsSync(at('bad.msgpack.failed'))]).to.deep.equal([
        false,
        true,
      ])
      expect(readFileSync(at('bad.msgpack.failed.txt'), 'utf8')).to.match(
        /record 1 at byte \d+: it has no "text"/,
      )
    })

    it('waits for a service that is down, blames no file, and marks nothing as done', async () => {
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 4))
      provider.textsLeft = 0
      const stateFile = path.join(home, 'state.json')
      const report = await watchUntil(batches({settings: {model: 'scripted:a'}, stateFile}), () => {
        if (kinds().length === 3 && provider.textsLeft === 0) {
          expect(existsSync(stateFile)).to.equal(false)
          provider.textsLeft = Infinity
        }
        return kinds().includes('processed')
      })
      expect(kinds().slice(0, 3)).to.deep.equal(['waiting', 'waiting', 'waiting'])
      expect([report.waiting, provider.asked.length]).to.deep.equal([0, 4])
      provider.textsLeft = 0
      writeBatchFile(at('b.msgpack'), sketchRecords(4, 6))
      expect((await once(batches({stateFile}))).blocked?.code).to.equal('EMBEDDER_UNREACHABLE')
    })

    it('tells how far behind it is also while it waits, and does not count a batch that is tried again twice', async () => {
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 4))
      utimesSync(at('a.msgpack'), 1000, 1000)
      provider.textsLeft = 0
      const statuses = (): WatchEvent[] => events.filter(({kind}) => kind === 'status')
      await watchUntil(batches({settings: {model: 'scripted:a'}}), () => statuses().length >= 2)
      expect(kinds()[0]).to.equal('waiting')
      for (const event of statuses()) {
        expect(event).to.include({waiting: 1, failed: 0, inserted: 0, pending: 4})
        expect(event.kind === 'status' && event.lagMs).to.be.greaterThan(1e12)
      }
      events = []
      provider.textsLeft = Infinity
      writeBatchFile(at('bad.msgpack'), [{no: 'text'}, {text: 'good'}])
      const report = await watchUntil(
        batches(),
        () => kinds().filter((kind) => kind === 'failed').length >= 2,
      )
      expect(report).to.include({failed: 1, waiting: 1})
    })

    it('goes on when a bad batch can not be set aside', async () => {
      writeBatchFile(at('bad.msgpack'), [{no: 'text'}])
      // A folder in the place of the reason file, so that it can't be written.
      mkdirSync(at('bad.msgpack.failed.txt/x'), {recursive: true})
      await watchUntil({...batches(), maxFailures: 1}, () => {
        if (kinds().includes('failed') && !existsSync(at('good.msgpack')))
          writeBatchFile(at('good.msgpack'), sketchRecords(0, 2))
        return kinds().includes('processed')
      })
      expect(kinds()).to.include.members(['failed', 'processed'])
    })

    it('ends with what does not pass by itself', async () => {
      await rejects(rag.watch({}), 'USAGE')
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 1, 4))
      await rejects(once(batches()), 'USAGE')
    })

    it('with notify looks as soon as something changes', async () => {
      mkdirSync(at('.'), {recursive: true})
      const startedAt = Date.now()
      await watchUntil({...batches(), intervalMs: 60_000, settleMs: 50, notify: true}, async () => {
        if (events.length === 2) {
          await new Promise((resolve) => setTimeout(resolve, 300))
          writeBatchFile(at('a.msgpack'), sketchRecords(0, 1))
          events.push({kind: 'note', message: 'written'})
        }
        return kinds().length === 1
      })
      expect(kinds()).to.deep.equal(['processed'])
      expect(Date.now() - startedAt).to.be.lessThan(9000)
    })

    describe('of documents', () => {
      const doc = (file: string, text: string): void => {
        mkdirSync(path.join(home, 'docs'), {recursive: true})
        writeFileSync(path.join(home, 'docs', file), text)
      }
      const request = (): WatchRequest => ({
        documents: {corpus: 'c', dirs: [path.join(home, 'docs')]},
        intervalMs: 20,
        settleMs: 10,
      })
      const ids = async (): Promise<string[]> =>
        (await rag.listDocuments('c')).documents.map(({docId}) => docId)

      it('keeps the corpus as the folder is: added, changed, renamed, removed', async () => {
        for (const name of ['a', 'b', 'c']) doc(`${name}.md`, `# Title ${name}\n\nsome words about ${name}`)
        await once(request())
        renameSync(path.join(home, 'docs', 'a.md'), path.join(home, 'docs', 'z.md'))
        rmSync(path.join(home, 'docs', 'b.md'))
        doc('d.md', 'new words')
        await once(request())
        expect(await ids()).to.deep.equal(['c.md', 'd.md', 'z.md'])
        const last = events.filter((event) => event.kind === 'ingested').at(-1)
        expect(last?.kind === 'ingested' && last.renamed).to.deep.equal([{from: 'a.md', to: 'z.md'}])
        expect(last?.kind === 'ingested' && last.report.documents).to.include({added: 2, deleted: 2})
      })

      it('removes only what came from its folder, and nothing when that is empty or gone', async () => {
        doc('a.md', 'words of a')
        await rag.upsertDocument({corpus: 'c', docId: 'other', text: 'from elsewhere'})
        await once(request())
        rmSync(path.join(home, 'docs', 'a.md'))
        expect((await once(request())).blocked?.code).to.equal('PRUNE_REFUSED')
        rmSync(path.join(home, 'docs'), {recursive: true})
        expect((await once(request())).blocked?.code).to.equal('INPUT_MISSING')
        expect(await ids()).to.deep.equal(['a.md', 'other'])
      })

      it('keeps other folders in step while one holds nothing', async () => {
        doc('a.md', 'words of a')
        const other = path.join(home, 'other')
        mkdirSync(other)
        writeFileSync(path.join(other, 'b.md'), 'words of b')
        const both: WatchRequest = {
          ...request(),
          documents: {corpus: 'c', dirs: [path.join(home, 'docs'), other]},
        }
        await once(both)
        rmSync(path.join(home, 'docs', 'a.md'))
        writeFileSync(path.join(other, 'c.md'), 'words of c')
        const report = await once(both)
        expect(report.blocked?.code).to.equal('PRUNE_REFUSED')
        expect(await ids()).to.deep.equal(['a.md', 'b.md', 'c.md'])
      })

      it('does not ask the embedder for a document that was only renamed', async () => {
        const scripted = {...request(), documents: {...request().documents!, settings: {model: 'scripted:a'}}}
        doc('a.md', '# Title of a\n\nwords of a')
        await once(scripted)
        const asked = provider.asked.length
        renameSync(path.join(home, 'docs', 'a.md'), path.join(home, 'docs', 'z.md'))
        await once(scripted)
        expect([await ids(), provider.asked.length]).to.deep.equal([['z.md'], asked])
      })

      it('tells of a change once, and says nothing while nothing happens', async () => {
        doc('a.md', 'words of a')
        await watchUntil(request(), () => events.filter(({kind}) => kind === 'status').length >= 4)
        expect(kinds()).to.deep.equal(['ingested'])
      })
    })
  })
