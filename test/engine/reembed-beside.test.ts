import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {IngestReport, Rag} from '../../src/lib/index.js'
import {changeStore} from '../support/change-store.js'
import {withDatabase} from '../support/corpus-snapshot.js'
import {STORE_KINDS, type RagStores} from '../support/rag-stores.js'
import {ScriptedProvider} from '../support/scripted-provider.js'
import {SeededText} from '../support/seeded-text.js'
import {rejects} from '../support/store-fixtures.js'

/** While one process makes new vectors of a corpus, others write it. */
for (const {name: kind, createStores, itOnDisk, itAtScale} of STORE_KINDS)
  describe(`writing beside rebuild --reembed (${kind})`, function () {
    this.timeout(60_000)
    let home: string
    let data: string
    /** Of the one who makes new vectors, and of the one who writes. */
    let provider: ScriptedProvider
    let other: ScriptedProvider
    let stores: RagStores
    let rebuilder: Rag
    let writer: Rag
    const open = (served: ScriptedProvider): Promise<Rag> =>
      stores.open({dataDir: data, maxWorkers: 2, providers: [served]})
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-beside-'))
      data = path.join(home, 'data')
      stores = createStores()
      provider = new ScriptedProvider()
      other = new ScriptedProvider()
      rebuilder = await open(provider)
      writer = await open(other)
    })
    afterEach(async () => {
      await Promise.all([rebuilder.close(), writer.close()])
      rmSync(home, {recursive: true, force: true})
    })

    const write = (name: string, text: string): void => {
      mkdirSync(path.join(home, 'docs'), {recursive: true})
      writeFileSync(path.join(home, 'docs', `${name}.md`), text)
    }
    const letters = (i: number): string => 'abcdefghijklmnopqrstuvwxyz'[i % 26]!.repeat(4)
    const writeMany = (from: number, to: number): void => {
      for (let i = from; i < to; i++) write(`d${i}`, `granite sample ${letters(i)} number ${i}`)
    }
    const ingest = (model?: string): Promise<IngestReport> =>
      writer.ingest({
        corpus: 'c',
        dirs: [path.join(home, 'docs')],
        noRefit: true,
        ...(model === undefined ? {} : {settings: {model}}),
      })
    /** Runs once, in the middle of the embedding by a model: after so many calls. */
    const meanwhile = (model: string, calls: number, work: () => Promise<unknown>): {done: boolean} => {
      const state = {done: false}
      provider.before = async (asked) => {
        if (asked !== model || --calls !== 0) return
        await work()
        state.done = true
      }
      return state
    }
    const isSound = async (): Promise<void> => {
      expect((await writer.verify({sample: 1})).findings).to.deep.equal([])
      expect(stores.faults(data)).to.deep.equal([])
    }

    it('adds, changes, deletes and brings back; all of that is in the new vectors', async () => {
      writeMany(0, 100)
      await ingest('scripted:a')
      const state = meanwhile('scripted:b', 8, async () => {
        writeMany(100, 160)
        write('d3', 'obsidian replaces what was there')
        const report = await ingest()
        expect(report).to.deep.include({model: 'scripted:a'})
        expect(report.documents).to.include({added: 60, updated: 1})
        expect(report.chunks.pending).to.equal(0)
        await writer.deleteDocuments('c', ['d0.md', 'd5.md', 'd90.md'])
        rmSync(path.join(home, 'docs', 'd90.md'))
        await ingest()
        // Searches see it at once, by the vectors in use.
        const {hits} = await writer.search('c', {query: 'obsidian replaces', mode: 'vector', topK: 1})
        expect(hits[0]?.docId).to.equal('d3.md')
        expect((await writer.status()).notes.join()).to.match(/version 2 .* is being made by process/)
        expect((await writer.showCorpus('c')).writer).to.match(/\(rebuild\)/)
      })
      const report = await rebuilder.rebuild({corpus: 'c', reembed: true, model: 'scripted:b'})
      expect(state.done).to.equal(true)
      expect(report).to.deep.include({model: 'scripted:b', vectors: 159, pending: 0, interrupted: false})
      const docs = (await writer.listDocuments('c', {limit: 500})).documents.map(({docId}) => docId)
      expect(docs).to.include.members(['d0.md', 'd5.md', 'd159.md']).and.not.include('d90.md')
      const {hits} = await writer.search('c', {query: 'obsidian replaces', mode: 'vector', topK: 1})
      expect(hits[0]?.docId).to.equal('d3.md')
      await isSound()
    })

    it('by the same model does not finish what the other makes, nor makes it twice', async () => {
      writeMany(0, 100)
      await ingest('scripted:a')
      await writer.cachePurge({})
      const before = other.asked.length
      // Two of the texts are in the cache by then: the writer embedded them.
      const state = meanwhile('scripted:a', 8, async () => {
        provider.before = () => Promise.resolve()
        writeMany(100, 102)
        await ingest()
        expect(other.asked.length - before).to.equal(2)
        expect((await writer.showCorpus('c')).embeddingVersion).to.equal(1)
        state.done = true
      })
      const report = await rebuilder.rebuild({corpus: 'c', reembed: true})
      expect(state.done).to.equal(true)
      expect(report).to.deep.include({embeddingVersion: {before: 1, after: 2}, vectors: 102, pending: 0})
      expect(provider.asked.length).to.equal(100)
      await isSound()
    })

    it('waits for what would take the version from under it: another re-embedding, going back, removing for good', async () => {
      writeMany(0, 60)
      await ingest('scripted:a')
      const state = meanwhile('scripted:b', 3, async () => {
        await rejects(writer.rebuild({corpus: 'c', reembed: true}), 'LEASE_HELD', /"c" is being written/)
        await rejects(writer.rebuild({corpus: 'c', rollback: true}), 'LEASE_HELD')
        await rejects(writer.deleteDocuments('c', ['d1.md'], {hard: true}), 'LEASE_HELD')
        await rejects(writer.deleteCorpus('c'), 'LEASE_HELD')
        const {findings} = await writer.verify({repair: true})
        expect(findings).to.deep.equal([])
      })
      const report = await rebuilder.rebuild({corpus: 'c', reembed: true, model: 'scripted:b', keepOld: true})
      expect([state.done, report.pending, report.kept]).to.deep.equal([true, 0, 1])
      await writer.deleteDocuments('c', ['d1.md'], {hard: true})
      await isSound()
    })

    it('writes while a model is learned, too', async () => {
      writeMany(0, 100)
      await ingest('lsa')
      let writing: Promise<unknown> | undefined
      const report = await rebuilder.rebuild(
        {corpus: 'c', reembed: true},
        {
          onProgress: ({phase}) => {
            if (phase !== 'fit') return
            writing ??= (async () => {
              writeMany(100, 103)
              expect((await ingest()).chunks.pending).to.equal(0)
            })()
          },
        },
      )
      await writing
      expect(report).to.deep.include({embeddingVersion: {before: 1, after: 2}, vectors: 103, pending: 0})
      expect(readdirSync(path.join(data, 'models', 'c'))).to.deep.equal(['v2.lsa'])
      // One that is interrupted while it learns leaves nothing.
      const stop = new AbortController()
      const cut = await rebuilder.rebuild(
        {corpus: 'c', reembed: true},
        {signal: stop.signal, onProgress: ({phase}) => phase === 'fit' && stop.abort()},
      )
      expect(cut).to.deep.include({interrupted: true, embeddingVersion: {before: 2, after: 2}})
      expect(readdirSync(path.join(data, 'models', 'c'))).to.deep.equal(['v2.lsa'])
      await isSound()
    })

    itAtScale('keeps the segments that are being made, and indexes its own', async () => {
      const text = new SeededText(7, 60)
      const writeLong = (from: number, to: number): void => {
        for (let i = from; i < to; i++) write(`long-${i}`, `# Part ${i}\n\n${text.document(i % 6, 15, 12)}`)
      }
      writeLong(0, 290)
      const settings = {chunkSize: 24, chunkOverlap: 0}
      const all = {corpus: 'c', dirs: [path.join(home, 'docs')], settings, noRefit: true}
      await writer.ingest(all)
      const {chunks} = await writer.showCorpus('c')
      let writing: Promise<unknown> | undefined
      let indexed = 0
      const report = await rebuilder.rebuild(
        {corpus: 'c', reembed: true},
        {
          onProgress: ({phase}) => {
            if (phase === 'index') indexed++
            if (phase !== 'embed') return
            writing ??= (async () => {
              writeLong(290, 300)
              expect((await writer.ingest(all)).chunks.pending).to.equal(0)
              await writer.rebuild({corpus: 'c', compact: true})
            })()
          },
        },
      )
      await writing
      expect(indexed).to.be.greaterThan(0)
      expect(report.embeddingVersion.after).to.equal(2)
      expect(report.vectors).to.be.greaterThan(chunks)
      expect((await writer.showCorpus('c')).segments).to.be.greaterThan(0)
      await isSound()
    })

    it('an interrupt ends the wait for a writer; what was made stays', async () => {
      writeMany(0, 100)
      await ingest('scripted:a')
      const stop = new AbortController()
      let writing: Promise<unknown> | undefined
      let release = (): void => undefined
      const held = new Promise<void>((resolve) => (release = resolve))
      other.before = () => {
        setTimeout(() => stop.abort(), 600)
        return held
      }
      provider.before = async () => {
        if (writing) return
        writeMany(100, 104)
        writing = ingest()
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      const report = await rebuilder.rebuild(
        {corpus: 'c', reembed: true, model: 'scripted:b'},
        {signal: stop.signal},
      )
      expect(report).to.deep.include({interrupted: true, embeddingVersion: {before: 1, after: 1}})
      release()
      await writing
      const before = provider.asked.length
      const again = await rebuilder.rebuild({corpus: 'c', reembed: true, model: 'scripted:b'})
      expect(again).to.deep.include({vectors: 104, pending: 0})
      expect(provider.asked.length - before).to.be.at.most(4)
      await isSound()
    })

    itOnDisk(
      'replaced versions that a killed switch left are told of, and go with the next write or repair',
      async () => {
        writeMany(0, 40)
        await ingest('scripted:a')
        const leave = async (): Promise<void> => {
          await rebuilder.rebuild({corpus: 'c', reembed: true, model: 'scripted:a', keepOld: true})
          changeStore(data, (db) => db.exec('UPDATE embedding_versions SET kept = 0'))
        }
        const retired = (): unknown =>
          withDatabase(data, (db) =>
            db.prepare("SELECT count(*) FROM embedding_versions WHERE state = 'retired'").pluck().get(),
          )
        for (const mend of [
          () => ingest(),
          () => writer.verify({repair: true}),
          () => writer.rebuild({corpus: 'c'}),
        ]) {
          await leave()
          expect(retired()).to.equal(1)
          const {findings} = await writer.verify({})
          expect(findings.map(({code, severity}) => [code, severity])).to.deep.equal([
            ['VERSION_LEFT_OVER', 'warning'],
          ])
          await mend()
          expect(retired()).to.equal(0)
          await isSound()
        }
      },
    )
  })
