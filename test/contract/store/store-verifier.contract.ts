import {expect} from 'chai'
import {chunkName} from '../../../src/lib/model/names.js'
import {
  eachOpens,
  openCorpus,
  rejects,
  snapshot,
  type OpenStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

/** What every `StoreVerifier` promises of a store that is whole. Damage is the matter of each adapter's own tests. */
export function storeVerifierContract(name: string, open: OpenStore): void {
  describe(`${name}: StoreVerifier`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    beforeEach(async () => {
      books = await openCorpus(tested().store)
      await books.put(
        {id: 'a', texts: ['red', 'green ü€😀']},
        {id: 'b', texts: ['blue', '']},
        {id: 'c', texts: ['c']},
      )
      await books.remove('c')
    })

    it('finds nothing in a whole store', async () => {
      const {store, id} = books
      const live = await books.liveVersion()
      await books.embedAll(live.id)
      await store.countCorpus(id)
      expect(await store.checkStructure()).to.deep.equal({faults: [], keywords: [], references: []})
      expect(await store.checkRows(id)).to.deep.equal([])
    })

    it('reads texts and vectors page by page', async () => {
      const {store, id} = books
      const live = await books.liveVersion()
      await books.embedAll(live.id)
      const {chunkId, seq} = await store.lastIds(id, live.id)
      for (const [check, last] of [
        [store.checkTexts.bind(store, id), chunkId],
        [store.checkVectors.bind(store, live.id), seq],
      ] as const) {
        const first = await check({after: 0, limit: 3})
        expect(first).to.deep.include({checked: 3, faults: []})
        const second = await check({after: first.last, limit: 3})
        expect(second).to.deep.include({checked: 1, last, faults: []})
        expect(await check({after: second.last, limit: 3})).to.deep.include({checked: 0, last, bytes: 0})
      }
      expect(await store.lastIds(id, live.id + 1000)).to.include({seq: 0})
    })

    it('tells ids of live chunks after others', async () => {
      const {store, id} = books
      const ids = (await Promise.all(['a', 'b'].map((docId) => books.chunkIds(docId)))).flat()
      expect(await Promise.all([0, 1, 2, 3, 4].map((skip) => store.chunkIdAfter(id, 0, skip)))).to.deep.equal(
        [...ids, undefined],
      )
      expect(await store.chunkIdAfter(id, ids[1]!, 1)).to.equal(ids[3])
    })

    it('names chunks that lack terms, but none that is deleted, and none for another analyser', async () => {
      const {store, id, lease} = books
      const [gone] = await books.chunkIds('b')
      const analyser = 'present'
      await books.remove('b')
      await store.beginKeywords(id, lease)
      const live = await store.pendingChunks(id, undefined, {afterId: 0, limit: 10})
      const entries = live.map(({chunkId, input}) => ({chunkId, title: 'and', body: input.text}))
      await store.addKeywords(id, entries, lease)
      await store.publishKeywords(id, {...books.corpus.settings, analyser}, lease)
      const [red, green] = await books.chunkIds('a')
      const missing = (by: string, terms: Record<number, string[]>): Promise<readonly string[]> =>
        store.missingTerms(id, {
          analyser: by,
          chunks: Object.entries(terms).map(([chunkId, them]) => ({chunkId: Number(chunkId), terms: them})),
        })
      expect(
        await missing(analyser, {[red!]: ['red', 'and'], [green!]: ['green', 'ü€😀'], [gone!]: ['x']}),
      ).to.deep.equal([])
      expect(await missing(analyser, {[red!]: ['red', 'green'], [green!]: ['and']})).to.deep.equal([
        chunkName('a', 1),
      ])
      expect(await missing('another', {[red!]: ['green']})).to.deep.equal([])
    })

    it('names documents that lack vectors', async () => {
      const {store, id} = books
      const live = await books.liveVersion()
      await books.embed(live.id, [(await books.chunkIds('a'))[0]!])
      const pending = await store.pendingDocuments(id, live.id)
      expect(pending).to.include({chunks: 3, documents: 2})
      expect([...pending.examples].sort()).to.deep.equal(['a', 'b'])
      await books.embedAll(live.id)
      expect(await store.pendingDocuments(id, live.id)).to.deep.equal({chunks: 0, documents: 0, examples: []})
    })

    it('keeps when files were found whole, without a lease', async () => {
      const {store, lease} = books
      const live = await books.liveVersion()
      const segment = {versionId: live.id, firstSeq: 1, lastSeq: 2, dimension: 4, count: 2}
      const file = {file: 'books/v1/seg-1-2.hnsw', sizeBytes: 10, sha256: 'ab'}
      await store.publishSegments(live.id, {add: [{...segment, ...file}], drop: []}, lease)
      const [published] = await store.listSegments(live.id)
      const before = await snapshot(books)
      await store.markVerified({segments: [published!.id, 9999], models: [live.id, 9999]}, 77)
      const {segments, models} = await store.verifiedAt()
      expect([...segments]).to.deep.equal([[published!.id, 77]])
      expect([...models]).to.deep.equal([[live.id, 77]])
      expect(await snapshot(books)).to.deep.equal(before)
    })

    it('mends nothing that is whole, but raises the version, and only under the lease', async () => {
      const {store, id, lease} = books
      const live = await books.liveVersion()
      await books.embedAll(live.id)
      const before = await books.version()
      const counts = await store.countCorpus(id)
      expect(await store.mendRows(id, lease)).to.deep.equal({
        vectorsRemoved: 0,
        nowPending: 0,
        chunksRemoved: 0,
        chunksDeleted: 0,
        documentsRecounted: 0,
      })
      expect(await books.version()).to.equal(before + 1)
      expect(await store.countCorpus(id)).to.deep.equal(counts)
      await rejects(store.mendRows(id, {...lease, token: lease.token + 1}), 'LEASE_LOST')
    })

    it('raises the version and nothing else, and only under the lease', async () => {
      const {store, id, lease} = books
      await books.liveVersion()
      const {corpus: _, ...before} = (await snapshot(books)) as {corpus: unknown}
      const version = await books.version()
      await store.raiseVersion(id, lease)
      expect(await books.version()).to.equal(version + 1)
      const {corpus: __, ...after} = (await snapshot(books)) as {corpus: unknown}
      expect(after).to.deep.equal(before)
      await rejects(store.raiseVersion(id, {...lease, token: lease.token + 1}), 'LEASE_LOST')
      expect(await books.version()).to.equal(version + 1)
    })

    it('finds and removes vectors that are not usable', async () => {
      const {store, id, lease} = books
      const live = await books.liveVersion()
      const [first, second] = await books.chunkIds('a')
      const bad = [Float32Array.of(1, NaN, 0, 0), Float32Array.of(0, 0, 0, 0)]
      await store.commitVectors(
        live.id,
        [first!, second!].map((chunkId, i) => ({chunkId, kind: 'dense' as const, vector: bad[i]!})),
        lease,
      )
      const {faults} = await store.checkVectors(live.id, {after: 0, limit: 10})
      expect(faults.map(({kind, count}) => [kind, count])).to.deep.equal([['vector', 2]])
      expect(await store.mendRows(id, lease)).to.include({vectorsRemoved: 2, nowPending: 2})
      expect((await store.checkVectors(live.id, {after: 0, limit: 10})).faults).to.deep.equal([])
    })
  })
}
