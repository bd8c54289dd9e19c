import {expect} from 'chai'
import type {VectorPut} from '../../../src/lib/model/embedding.js'
import {reembedLease, WHOLE_STORE, type Lease} from '../../../src/lib/ports/store/lease.js'
import {
  denseVectors,
  eachOpens,
  holder,
  openCorpus,
  rejects,
  snapshot,
  vectorOf,
  type OpenStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

/** What every store promises to who makes a corpus's next embedding version beside its writers. */
export function reembedContract(name: string, open: OpenStore): void {
  describe(`${name}: a version in the making`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    let making: Lease
    beforeEach(async () => {
      books = await openCorpus(tested().store)
      await books.put({id: 'a', texts: ['red', 'green']}, {id: 'b', texts: ['blue']})
      making = await books.store.acquireLease(reembedLease('books'), holder(2), 'rebuild')
    })
    const dense = (chunkId: number): VectorPut => ({chunkId, kind: 'dense', vector: vectorOf(chunkId)})
    const segment = (versionId: number): Parameters<WrittenCorpus['store']['publishSegments']>[1] => {
      const file = {file: 's', sizeBytes: 1, sha256: 'ab'}
      return {add: [{versionId, firstSeq: 100, lastSeq: 200, dimension: 4, count: 1, ...file}], drop: []}
    }

    it('has a lease of its own beside that of the writer; another one, and the whole store, wait for it', async () => {
      const {store} = books
      await rejects(
        store.acquireLease(reembedLease('books'), holder(3), 'rebuild'),
        'LEASE_HELD',
        /"books" is/,
      )
      await store.acquireLease(reembedLease('others'), holder(3), 'rebuild')
      await store.releaseLease(books.lease)
      await rejects(
        store.acquireLease(WHOLE_STORE, holder(3), 'restore'),
        'LEASE_HELD',
        /"(books|others)" is/,
      )
      await store.acquireLease('books', holder(3), 'ingest')
    })

    it('takes vectors and segments under it, and nothing else does', async () => {
      const {store, id} = books
      const live = await books.liveVersion()
      const building = await books.addVersion()
      const [red, green] = await books.chunkIds('a')
      await store.commitVectors(building.id, [dense(red!)], making)
      await store.publishSegments(building.id, segment(building.id), making)
      await store.stageSegments(building.id, {add: [], drop: []}, making)
      expect(await denseVectors(store, building.id)).to.have.length(1)
      expect(await store.listSegments(building.id)).to.have.length(1)
      const before = await snapshot(books)
      await rejects(store.commitVectors(live.id, [dense(red!)], making), 'LEASE_LOST')
      await rejects(store.publishSegments(live.id, segment(live.id), making), 'LEASE_LOST')
      await rejects(store.setLiveVersion(building.id, making, {allowPending: true}), 'LEASE_LOST')
      await rejects(store.dropEmbeddingVersion(building.id, making), 'LEASE_LOST')
      await rejects(store.commit(id, {put: [], touch: [], remove: ['a']}, making), 'LEASE_LOST')
      const foreign = await store.acquireLease(reembedLease('others'), holder(2), 'rebuild')
      await rejects(store.commitVectors(building.id, [dense(green!)], foreign), 'LEASE_LOST')
      expect(await snapshot(books)).to.deep.equal(before)
      // The writer of the corpus still may.
      await store.commitVectors(building.id, [dense(green!)], books.lease)
    })

    it('takes none under one that was lost, nor once it is live', async () => {
      const {store} = books
      const building = await books.addVersion()
      const [red] = await books.chunkIds('a')
      tested().processes.set(holder(2), 'dead')
      const next = await store.acquireLease(reembedLease('books'), holder(3), 'rebuild')
      await rejects(store.commitVectors(building.id, [dense(red!)], making), 'LEASE_LOST')
      await store.setLiveVersion(building.id, books.lease, {allowPending: true})
      await rejects(store.commitVectors(building.id, [dense(red!)], next), 'LEASE_LOST')
      expect(await denseVectors(store, building.id)).to.deep.equal([])
    })

    it('lacks what went and came back: no number comes between those that its maker was given', async () => {
      const {store, id} = books
      const live = await books.liveVersion()
      await books.embedAll(live.id)
      const building = await books.addVersion()
      const chunks = [...(await books.chunkIds('a')), ...(await books.chunkIds('b'))]
      await store.commitVectors(building.id, chunks.map(dense), making)
      const before = await denseVectors(store, building.id)
      await books.remove('b')
      await books.put({id: 'b', texts: ['blue']})
      expect(await store.countPending(id, live.id)).to.equal(0)
      expect(await store.countPending(id, building.id)).to.equal(1)
      expect(await denseVectors(store, building.id)).to.deep.equal(before.slice(0, 2))
    })

    it('passes over chunks that were deleted meanwhile', async () => {
      const {store} = books
      const building = await books.addVersion()
      const [blue] = await books.chunkIds('b')
      await books.remove('b')
      const {seqs} = await store.commitVectors(building.id, [dense(blue!)], making)
      expect(seqs).to.have.length(0)
    })

    it('leaves one version kept at most', async () => {
      const {store, id, lease} = books
      const kept = async (): Promise<number[]> =>
        (await store.listEmbeddingVersions(id)).filter((it) => it.kept).map((it) => it.number)
      await books.liveVersion()
      for (const expected of [[1], [2]]) {
        const next = await books.addVersion()
        await store.setLiveVersion(next.id, lease, {allowPending: true, keepOld: true})
        expect(await kept()).to.deep.equal(expected)
      }
      await books.liveVersion()
      expect(await kept()).to.deep.equal([2])
      const last = await books.addVersion()
      await store.setLiveVersion(last.id, lease, {allowPending: true, releaseKept: true})
      expect(await kept()).to.deep.equal([])
    })
  })
}
