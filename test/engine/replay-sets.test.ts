import {mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {Rag, ReplayReport, ReplayRequest, WatchEvent} from '../../src/lib/index.js'
import {STORE_KINDS, type RagStores} from '../support/rag-stores.js'
import {ScriptedProvider} from '../support/scripted-provider.js'
import {rejects} from '../support/store-fixtures.js'

interface Manifest {
  readonly files: readonly {readonly file: string; readonly records: number; readonly run?: number}[]
}

for (const {name: kind, createStores} of STORE_KINDS)
  describe(`Batches of an export are a set (${kind})`, function () {
    this.timeout(60_000)
    let home: string
    let stores: RagStores
    let provider: ScriptedProvider
    let source: Rag
    let target: Rag
    const opened: Rag[] = []
    const open = async (name: string): Promise<Rag> => {
      const one = await stores.open({dataDir: path.join(home, name), maxWorkers: 1, providers: [provider]})
      opened.push(one)
      return one
    }
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-sets-'))
      stores = createStores()
      provider = new ScriptedProvider()
      source = await open('source')
      target = await open('target')
    })
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close()
      rmSync(home, {recursive: true, force: true})
    })

    const at = (...names: string[]): string => path.join(home, ...names)
    const write = (files: Readonly<Record<string, string>>): void => {
      mkdirSync(at('docs'), {recursive: true})
      for (const [name, text] of Object.entries(files)) writeFileSync(at('docs', name), text)
    }
    /** One run of a folder that gathers. */
    const gather = async (files: Readonly<Record<string, string>> = {}): Promise<void> => {
      write(files)
      await source.ingest({
        corpus: 'c',
        dirs: [at('docs')],
        prune: true,
        msgpackOut: at('out'),
        settings: {model: 'scripted:a'},
      })
    }
    const manifest = (): Manifest => JSON.parse(readFileSync(at('out', 'manifest.json'), 'utf8')) as Manifest
    const batchOf = (run: number): string => at('out', manifest().files.find((one) => one.run === run)!.file)
    const take = (more: Partial<ReplayRequest> = {}): Promise<ReplayReport> =>
      target.replay({corpus: 'c', globs: [at('out', '*.msgpack')], ...more})
    const ids = async (): Promise<string[]> =>
      (await target.listDocuments('c')).documents.map(({docId}) => docId).sort()
    const text = async (docId: string): Promise<string> =>
      (await target.showDocument('c', docId)).chunks.map((chunk) => chunk.text).join('')
    /** Moves a file away, as if it had not come yet, and back. */
    const hide = (file: string): (() => void) => {
      renameSync(file, `${file}.away`)
      return () => renameSync(`${file}.away`, file)
    }
    const codes = ({failures}: ReplayReport): string[] => failures.map(({code}) => code)
    const threeDocs = {'a.md': 'about bees', 'b.md': 'about boats', 'd.md': 'about dust'}
    const rename = async (): Promise<void> => {
      await gather(threeDocs)
      renameSync(at('docs', 'd.md'), at('docs', 'moved.md'))
      await gather()
    }

    it('names a batch of an export that is missing, and takes the others; with --strict it takes none', async () => {
      write({...threeDocs, 'e.md': 'about earth'})
      await source.ingest({corpus: 'c', dirs: [at('docs')], settings: {model: 'scripted:a'}})
      await source.export({corpus: 'c', dir: at('out'), maxRecords: 2})
      const lost = path.join(at('out'), manifest().files[1]!.file)
      const back = hide(lost)
      await rejects(take({strict: true}), 'BATCH_MISSING', /Nothing was taken in/)
      await rejects(take({strict: true, dryRun: true}), 'BATCH_MISSING')
      expect((await target.listCorpora()).map(({corpus}) => corpus)).to.deep.equal([])
      const report = await take()
      expect(report.missing).to.deep.equal([{file: lost, records: 2}])
      expect(codes(report)).to.deep.equal(['BATCH_MISSING'])
      expect(report.failures[0]!.source).to.equal(lost)
      expect(report.failures[0]!.message).to.match(/2 records.*is not there.*rag export/)
      expect(report.files.map(({whole}) => whole)).to.deep.equal([true])
      expect(await ids()).to.have.length(2)
      const dry = await take({dryRun: true})
      expect(dry.missing).to.have.length(1)
      back()
      expect(await take({strict: true})).to.deep.include({missing: [], failures: []})
      expect(await ids()).to.have.length(4)
    })

    it('applies no deletion of a run with a missing batch: a renamed document keeps a name, and has the new one when the batch comes', async () => {
      await rename()
      const back = hide(batchOf(2))
      const report = await take()
      expect(codes(report)).to.deep.equal(['BATCH_MISSING'])
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'd.md'])
      back()
      expect(codes(await take())).to.deep.equal([])
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'moved.md'])
    })

    it('applies no deletion of a later run either, as the new name may be in the missing batch', async () => {
      await gather(threeDocs)
      await gather({'moved.md': threeDocs['d.md']})
      rmSync(at('docs', 'd.md'))
      await gather()
      const back = hide(batchOf(2))
      await take()
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'd.md'])
      back()
      await take()
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'moved.md'])
    })

    it('applies no deletion of a run of which a batch could not be taken whole', async () => {
      await rename()
      const file = batchOf(2)
      const whole = readFileSync(file)
      writeFileSync(file, whole.subarray(0, whole.length - 3))
      const report = await take()
      expect([codes(report), report.missing]).to.deep.equal([['BATCH_DAMAGED'], []])
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'd.md'])
      writeFileSync(file, whole)
      await take()
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'moved.md'])
    })

    it('takes no deletion from runs whose batches were not asked for, and says so', async () => {
      await rename()
      const report = await take({globs: [], files: [batchOf(1)]})
      expect([codes(report), report.missing]).to.deep.equal([[], []])
      expect(report.notes.join()).to.match(/1 more of the batches that manifest.json names/)
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'd.md'])
      expect((await take()).notes).to.deep.equal([])
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'moved.md'])
    })

    for (const [how, more] of [
      ['the state file names', {stateFile: 'state.json'}],
      ['lie in the archive', {archive: {dir: 'done'}}],
      ['lie in the archive, packed', {archive: {dir: 'done', compress: true}}],
    ] as const)
      it(`counts batches as taken that ${how}, though they are gone`, async () => {
        const request = {
          ...('stateFile' in more ? {stateFile: at(more.stateFile)} : {}),
          ...('archive' in more ? {archive: {...more.archive, dir: at(more.archive.dir)}} : {}),
        }
        await gather(threeDocs)
        expect(codes(await take(request))).to.deep.equal([])
        rmSync(batchOf(1), {force: true})
        renameSync(at('docs', 'd.md'), at('docs', 'moved.md'))
        await gather()
        const report = await take(request)
        expect([codes(report), report.missing, report.notes]).to.deep.equal([[], [], []])
        expect(await ids()).to.deep.equal(['a.md', 'b.md', 'moved.md'])
      })

    it('keeps saying what is missing when nothing else is due', async () => {
      await rename()
      const back = hide(batchOf(2))
      const stateFile = at('state.json')
      await take({stateFile})
      const again = await take({stateFile})
      expect([again.files, codes(again)]).to.deep.equal([[], ['BATCH_MISSING']])
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'd.md'])
      back()
      const last = await take({stateFile})
      expect([last.files.length, codes(last)]).to.deep.equal([1, []])
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'moved.md'])
    })

    it('lets no batch that comes late put an older document in place of a newer one', async () => {
      await gather(threeDocs)
      await gather({'a.md': 'about bees, second', 'f.md': 'about fire'})
      await gather({'a.md': 'about bees, third'})
      const back = hide(batchOf(2))
      const stateFile = at('state.json')
      await take({stateFile})
      back()
      const report = await take({stateFile})
      expect([report.files.length, codes(report)]).to.deep.equal([2, []])
      expect(await text('a.md')).to.equal('about bees, third')
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'd.md', 'f.md'])
    })

    it('refuses one that comes late when a batch of a later run is gone', async () => {
      await gather(threeDocs)
      await gather({'a.md': 'about bees, second', 'f.md': 'about fire'})
      await gather({'a.md': 'about bees, third'})
      const [second, third] = [batchOf(2), batchOf(3)]
      const back = hide(second)
      const stateFile = at('state.json')
      await take({stateFile})
      const again = hide(third)
      back()
      const report = await take({stateFile})
      expect(report.files.map(({file, error}) => [file, error?.code])).to.deep.equal([
        [second, 'BATCH_MISSING'],
      ])
      expect(report.files[0]!.error!.message).to.contain(third)
      expect(await text('a.md')).to.equal('about bees, third')
      again()
      await take({stateFile})
      expect([await text('a.md'), await text('f.md')]).to.deep.equal(['about bees, third', 'about fire'])
    })

    it('takes batches of one folder in the order of their runs, however they are named', async () => {
      await gather(threeDocs)
      await gather({'a.md': 'about bees, second'})
      await take({globs: [], files: [batchOf(2), batchOf(1)]})
      expect(await text('a.md')).to.equal('about bees, second')
    })

    it('deletes what runs deleted before the one that brings everything by another model', async () => {
      await gather(threeDocs)
      await take()
      rmSync(at('docs', 'd.md'))
      await gather()
      await source.rebuild({corpus: 'c', reembed: true, model: 'scripted:b'})
      await source.ingest({corpus: 'c', dirs: [at('docs')], prune: true, msgpackOut: at('out')})
      await take()
      expect(await ids()).to.deep.equal(['a.md', 'b.md'])
    })

    it('says so when the manifest itself is missing', async () => {
      await rename()
      rmSync(at('out', 'manifest.json'))
      const report = await take()
      expect(codes(report)).to.deep.equal([])
      expect(report.notes.join()).to.match(
        /2 of the batches were written by rag export, and no manifest.json/,
      )
    })

    it('holds two exports that are taken together each against its own manifest', async () => {
      await rename()
      await source.export({corpus: 'c', dir: at('whole')})
      const back = hide(batchOf(2))
      const globs = [at('out', '*.msgpack'), at('whole', '*.msgpack')]
      const report = await take({globs})
      expect(report.missing.map(({file}) => path.dirname(file))).to.deep.equal([at('out')])
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'd.md', 'moved.md'])
      back()
      await take({globs})
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'moved.md'])
    })

    it('watched, waits for the missing batch, says so once, and deletes when it has come', async () => {
      await rename()
      const late = batchOf(2)
      const back = hide(late)
      const events: WatchEvent[] = []
      const notes = (): string[] => events.flatMap((one) => (one.kind === 'note' ? [one.message] : []))
      const missing = (): number | undefined => {
        const last = events.findLast(({kind}) => kind === 'status')
        return last?.kind === 'status' ? last.missing : undefined
      }
      const stop = new AbortController()
      const running = target.watch(
        {batches: {corpus: 'c', globs: [at('out', '*.msgpack')]}, intervalMs: 20, settleMs: 0},
        {signal: stop.signal, onEvent: (event) => events.push(event)},
      )
      const until = async (holds: () => boolean): Promise<void> => {
        for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await until(() => events.filter(({kind}) => kind === 'status').length >= 3)
      expect([missing(), notes().filter((note) => note.includes(late)).length]).to.deep.equal([1, 1])
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'd.md'])
      back()
      await until(() => missing() === 0)
      stop.abort()
      const report = await running
      expect([report.files, report.missing, readdirSync(at('out')).length]).to.deep.equal([2, 0, 4])
      expect(await ids()).to.deep.equal(['a.md', 'b.md', 'moved.md'])
    })
  })
