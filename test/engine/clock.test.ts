import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {Rag} from '../../src/lib/index.js'
import {FixedClock} from '../support/fixed-clock.js'
import {STORE_KINDS, type RagStores} from '../support/rag-stores.js'
import {SeededText} from '../support/seeded-text.js'

const CORPUS = 'default'
const YEAR_MS = 365 * 24 * 3_600_000

for (const {name, createStores, itOnDisk} of STORE_KINDS)
  describe(`a clock that is set back between writes (${name})`, function () {
    this.timeout(60_000)
    let home: string
    let stores: RagStores
    beforeEach(() => {
      stores = createStores()
      home = mkdtempSync(path.join(tmpdir(), 'rag-clock-'))
    })
    afterEach(() => rmSync(home, {recursive: true, force: true}))

    const docs = (): string => path.join(home, 'docs')
    const write = (file: string, content: string): void => {
      mkdirSync(docs(), {recursive: true})
      writeFileSync(path.join(docs(), file), content)
    }
    const open = (data: string, clock: FixedClock, more: {ttlMs?: number} = {}): Promise<Rag> =>
      stores.open({dataDir: path.join(home, data), clock, maxWorkers: 1, cache: more})
    const ingest = (rag: Rag): ReturnType<Rag['ingest']> =>
      rag.ingest({corpus: CORPUS, dirs: [docs()], settings: {chunkSize: 24, chunkOverlap: 0}, prune: true})
    const ids = async (rag: Rag, query: string): Promise<string[]> =>
      (await rag.search(CORPUS, {query, mode: 'keyword'})).hits.map(({docId}) => docId)

    /** One history of writes; before each of them the clock is set. */
    async function history(rag: Rag, clock: FixedClock, times: readonly number[]): Promise<void> {
      const at = (i: number): void => clock.set(times[i]!)
      const text = new SeededText(8, 120)
      for (let i = 0; i < 30; i++) write(`d${i}.md`, `# Part ${i}\n\n${text.document(i % 5, 2, 12)}`)
      at(0)
      await ingest(rag)
      at(1)
      write('d3.md', '# Changed\n\nA walrus came to the old harbour.\n')
      rmSync(path.join(docs(), 'd4.md'))
      await ingest(rag)
      at(2)
      await rag.upsertDocument({corpus: CORPUS, docId: 'note', text: 'A penguin came to the old harbour.'})
      await rag.deleteDocuments(CORPUS, ['d5.md'])
      at(3)
      await rag.upsertDocument({corpus: CORPUS, docId: 'note', text: 'A seal came to the old harbour.'})
      write('d5.md', '# Back\n\nAn otter is here again.\n')
      await ingest(rag)
    }

    it('loses no change, brings nothing back, and leaves the store that a right clock leaves', async () => {
      const left: Record<string, unknown> = {}
      const now = Date.now()
      for (const [data, times] of [
        ['right', [now, now + 60_000, now + 120_000, now + 180_000]],
        ['back', [now, now - YEAR_MS, now - 2 * YEAR_MS, 1]],
        ['jumps', [now + 10 * YEAR_MS, now - 10 * YEAR_MS, now + YEAR_MS, now]],
      ] as const) {
        rmSync(docs(), {recursive: true, force: true})
        const clock = new FixedClock()
        const rag = await open(data, clock)
        await history(rag, clock, times)
        expect(await ids(rag, 'walrus'), data).to.deep.equal(['d3.md'])
        expect(await ids(rag, 'penguin'), data).to.deep.equal([])
        expect(await ids(rag, 'seal'), data).to.deep.equal(['note'])
        expect(await ids(rag, 'otter'), data).to.deep.equal(['d5.md'])
        expect((await rag.listDocuments(CORPUS)).documents.map(({docId}) => docId)).to.not.include('d4.md')
        const again = await ingest(rag)
        expect(again.documents, data).to.include({added: 0, updated: 0, deleted: 0})
        expect((await rag.verify()).findings, data).to.deep.equal([])
        await rag.close()
        left[data] = stores.snapshot(path.join(home, data), CORPUS)
      }
      expect(left['back']).to.deep.equal(left['right'])
      expect(left['jumps']).to.deep.equal(left['right'])
    })

    it('shows no cached answer of what has changed, and keeps none for longer than it may', async () => {
      write('a.md', '# Harbour\n\nA walrus came to the old harbour.\n')
      const clock = new FixedClock(Date.now())
      const rag = await open('cached', clock, {ttlMs: 60_000})
      await ingest(rag)
      expect(await ids(rag, 'harbour')).to.deep.equal(['a.md'])
      clock.set(clock.now() - YEAR_MS)
      write('b.md', '# Harbour\n\nA penguin came to the old harbour.\n')
      await ingest(rag)
      expect((await ids(rag, 'harbour')).sort()).to.deep.equal(['a.md', 'b.md'])
      await rag.deleteDocuments(CORPUS, ['a.md'])
      clock.set(1000)
      expect(await ids(rag, 'harbour')).to.deep.equal(['b.md'])
      await rag.close()
    })

    itOnDisk(
      'takes a lease from the dead, and writes on, whatever its last writer’s clock said',
      async () => {
        write('a.md', '# Harbour\n\nA walrus came to the old harbour.\n')
        const clock = new FixedClock(Date.now() + 5 * YEAR_MS)
        const late = await open('leases', clock)
        await ingest(late)
        await late.close()
        clock.set(Date.now() - 5 * YEAR_MS)
        const early = await open('leases', clock)
        await early.upsertDocument({corpus: CORPUS, docId: 'note', text: 'A seal came.'})
        const backup = path.join(home, 'backup')
        expect((await early.backup(backup)).number).to.equal(1)
        clock.set(1)
        expect((await early.backup(backup)).number).to.equal(2)
        expect(JSON.parse(readFileSync(path.join(backup, 'manifest.json'), 'utf8'))).to.include({number: 2})
        await early.close()
      },
    )
  })
