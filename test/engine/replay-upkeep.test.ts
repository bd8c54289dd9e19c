import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {CallOptions, ProgressEvent, Rag, ReplayReport} from '../../src/lib/index.js'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {changeStore} from '../support/change-store.js'
import {STORE_KINDS, type RagStores, type RowCounts} from '../support/rag-stores.js'
import {ScriptedProvider} from '../support/scripted-provider.js'

for (const {name: kind, createStores, itOnDisk, itAtScale} of STORE_KINDS)
  describe(`A store that only replays (${kind})`, function () {
    this.timeout(60_000)
    const DOCUMENTS = 60
    const CHUNKS = 20
    const LIVE = DOCUMENTS * CHUNKS
    let home: string
    let stores: RagStores
    let source: Rag
    let target: Rag
    const dataDir = (name: string): string => path.join(home, name)
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-replay-upkeep-'))
      stores = createStores()
      const providers = [new ScriptedProvider()]
      source = await stores.open({dataDir: dataDir('source'), maxWorkers: 1, providers})
      target = await stores.open({dataDir: dataDir('target'), maxWorkers: 1, providers})
    })
    afterEach(async () => {
      await source.close()
      await target.close()
      rmSync(home, {recursive: true, force: true})
    })

    /** Exports the same documents with other text; every chunk of them is new. */
    async function exportRound(round: number): Promise<void> {
      const lines = Array.from({length: DOCUMENTS}, (_one, n) => {
        const chunks = Array.from({length: CHUNKS}, (_part, i) => ({
          text: `round ${round}: document ${n}, part ${i}`,
          embedding: [1, round, n, i],
        }))
        return JSON.stringify({doc_id: `doc-${n}`, text: `round ${round} of ${n}`, chunks})
      })
      const jsonl = path.join(home, 'round.jsonl')
      writeFileSync(jsonl, `${lines.join('\n')}\n`)
      await source.ingest({corpus: 'c', jsonl, settings: {model: 'external:m'}})
      await source.export({corpus: 'c', dir: path.join(home, 'out')})
    }
    const batches = () => ({corpus: 'c', globs: [path.join(home, 'out', '*.msgpack')]})
    const numbers = (): number[] => stores.versions(dataDir('target')).map(([number]) => number)
    const replay = (options: CallOptions = {}): Promise<ReplayReport> => target.replay(batches(), options)

    for (const [how, take] of [
      ['replay', () => replay()],
      ['watch', () => target.watch({batches: batches(), once: true, settleMs: 0})],
    ] as const)
      it(`does not grow for ever when the same documents come again with other text (${how})`, async () => {
        const sizes: RowCounts[] = []
        for (let round = 0; round < 5; round++) {
          await exportRound(round)
          expect((await take()).failed).to.equal(0)
          sizes.push(stores.rows(dataDir('target')))
        }
        for (const {chunks, deletedChunks, vectors} of sizes)
          expect([chunks, deletedChunks, vectors]).to.deep.equal([LIVE, 0, LIVE])
        expect(sizes.at(-1)!.pages).to.be.at.most(sizes[2]!.pages * 1.05)
        expect(stores.faults(dataDir('target'))).to.deep.equal([])
      })

    itOnDisk('drops embedding versions that were replaced, but none that is kept', async () => {
      await exportRound(0)
      await replay()
      retire(dataDir('target'), {number: 50, kept: 0}, {number: 51, kept: 1})
      expect(numbers()).to.deep.equal([1, 50, 51])
      expect((await replay()).skipped).to.equal(LIVE)
      expect(numbers()).to.deep.equal([1, 51])
    })

    itOnDisk('leaves all as it is when it was interrupted, until one comes to its end', async () => {
      await exportRound(0)
      await replay()
      await exportRound(1)
      retire(dataDir('target'), {number: 50, kept: 0})
      const stop = new AbortController()
      const report = await replay({
        signal: stop.signal,
        onProgress: ({phase, done, total}) => phase === 'read' && done === total && stop.abort(),
      })
      expect(report.interrupted).to.equal(true)
      expect(stores.rows(dataDir('target')).deletedChunks).to.equal(LIVE)
      expect(numbers()).to.deep.equal([1, 50])
      await replay()
      expect(stores.rows(dataDir('target')).deletedChunks).to.equal(0)
      expect(numbers()).to.deep.equal([1])
    })

    itAtScale('tells of its progress in records over all files', async () => {
      for (const [name, from, to] of [
        ['a', 0, 700],
        ['b', 700, 1000],
        ['c', 1000, 2500],
      ] as const)
        writeBatchFile(path.join(home, 'in', `${name}.msgpack`), sketchRecords(from, to, 4))
      const seen: ProgressEvent[] = []
      const onProgress = (event: ProgressEvent): unknown => event.phase === 'read' && seen.push(event)
      const request = {
        corpus: 'd',
        globs: [path.join(home, 'in', '*.msgpack')],
        settings: {model: 'external:m'},
      }
      await target.replay(request, {onProgress})
      expect(new Set(seen.map(({unit}) => unit))).to.deep.equal(new Set(['records']))
      const done = seen.map((event) => event.done)
      expect(done).to.deep.equal([...done].sort((a, b) => a - b))
      expect(seen.at(-1)).to.include({done: 2500, total: 2500})
      for (const {total} of seen) expect(total).to.be.within(2200, 2800)
    })
  })

/** Enters embedding versions without vectors that were replaced, as one who was killed in between leaves them. */
function retire(dataDir: string, ...versions: readonly {number: number; kept: 0 | 1}[]): void {
  changeStore(dataDir, (db) => {
    for (const {number, kept} of versions)
      db.prepare(
        `INSERT INTO embedding_versions (corpus_id, number, provider, model, dimension, fingerprint, state, created_at_ms, kept)
         SELECT corpus_id, ?, provider, model, dimension, fingerprint || ?, 'retired', created_at_ms, ?
         FROM embedding_versions WHERE state = 'live'`,
      ).run(number, `-${number}`, kept)
  })
}
