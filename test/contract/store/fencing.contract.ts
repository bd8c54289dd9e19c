import {expect} from 'chai'
import type {Lease} from '../../../src/lib/ports/store/lease.js'
import type {Store} from '../../../src/lib/ports/store/store.js'
import {
  batch,
  documentPut,
  eachOpens,
  holder,
  identity,
  openCorpus,
  rejects,
  settings,
  snapshot,
  vectorOf,
  type OpenStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

interface Target {
  readonly store: Store
  readonly id: number
  readonly liveId: number
  readonly buildingId: number
  readonly chunkId: number
  readonly purgeId: number
}

/** Every verb that writes a corpus, with arguments that would change something. */
const WRITES: Readonly<Record<string, (on: Target, lease: Lease) => Promise<unknown>>> = {
  commit: ({store, id}, lease) =>
    store.commit(id, batch({put: [documentPut({id: 'new', texts: ['red']})], remove: ['a']}), lease),
  touch: ({store, id}, lease) =>
    store.commit(id, batch({touch: [{docId: 'a', source: {source: '/elsewhere'}}]}), lease),
  purgeDocuments: ({store, id}, lease) => store.purgeDocuments(id, ['a'], lease),
  finishPurge: ({store, id, purgeId}, lease) => store.finishPurge({id: purgeId, corpusId: id}, lease),
  updateSettings: ({store, id}, lease) => store.updateSettings(id, settings({chunkSize: 1}), lease),
  deleteCorpus: ({store, id}, lease) => store.deleteCorpus(id, lease),
  addEmbeddingVersion: ({store, id}, lease) => store.addEmbeddingVersion(id, identity(), lease),
  setLiveVersion: ({store, buildingId}, lease) =>
    store.setLiveVersion(buildingId, lease, {allowPending: true}),
  dropEmbeddingVersion: ({store, buildingId}, lease) => store.dropEmbeddingVersion(buildingId, lease),
  commitVectors: ({store, liveId, chunkId}, lease) =>
    store.commitVectors(liveId, [{chunkId, kind: 'dense', vector: vectorOf(1)}], lease),
  publishSegments: ({store, liveId}, lease) => {
    const file = {file: 's', sizeBytes: 1, sha256: 'ab'}
    const segment = {versionId: liveId, firstSeq: 1, lastSeq: 2, dimension: 4, count: 1, ...file}
    return store.publishSegments(liveId, {add: [segment], drop: []}, lease)
  },
  stageSegments: ({store, liveId}, lease) => {
    const file = {file: 'd', sizeBytes: 1, sha256: 'ab'}
    const candidate = {versionId: liveId, firstSeq: 3, lastSeq: 4, dimension: 4, count: 1, ...file}
    return store.stageSegments(liveId, {add: [candidate], drop: []}, lease)
  },
  publishStaged: ({store, liveId}, lease) => store.publishStaged(liveId, lease),
  replaceVectors: ({store, liveId}, lease) =>
    store.replaceVectors(liveId, [{seq: 1, vector: vectorOf(9)}], lease),
  removeDeleted: ({store, id}, lease) => store.removeDeleted(id, {minRows: 0, ratio: 0}, lease),
}

/** What every store promises to a writer that lost its lease: to refuse it and to change nothing. */
export function fencingContract(name: string, open: OpenStore): void {
  describe(`${name}: fencing`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    let target: Target
    beforeEach(async () => {
      books = await openCorpus(tested().store)
      await books.put({id: 'a', texts: ['red', 'green']}, {id: 'gone', texts: ['blue']})
      await books.remove('gone')
      const live = await books.liveVersion()
      const building = await books.addVersion()
      const [chunkId] = await books.chunkIds('a')
      const file = {file: 'first', sizeBytes: 1, sha256: 'ab'}
      const candidate = {versionId: live.id, firstSeq: 11, lastSeq: 12, dimension: 4, count: 1, ...file}
      await books.store.stageSegments(live.id, {add: [candidate], drop: []}, books.lease)
      const work = {documents: ['aa'], cacheKeys: [], needles: new Uint8Array(1)}
      await books.store.purgeDocuments(books.id, ['nobody'], books.lease, work)
      const [purge] = await books.store.pendingPurges(books.id)
      const ids = {id: books.id, liveId: live.id, buildingId: building.id, purgeId: purge!.id}
      target = {store: books.store, ...ids, chunkId: chunkId!}
    })

    const staleLeases: Readonly<Record<string, () => Promise<Lease>>> = {
      'that was taken over': async () => {
        const {store, processes} = tested()
        processes.set(holder(1), 'dead')
        await store.acquireLease('books', holder(2), 'ingest')
        return books.lease
      },
      'that was given back': async () => {
        await books.store.releaseLease(books.lease)
        return books.lease
      },
      'of another corpus': async () => (await openCorpus(books.store, 'others', 9)).lease,
    }
    for (const [verb, write] of Object.entries(WRITES))
      for (const [which, lose] of Object.entries(staleLeases))
        it(`refuses ${verb} under a lease ${which}`, async () => {
          const lease = await lose()
          const before = await snapshot(books)
          await rejects(write(target, lease), 'LEASE_LOST')
          expect(await snapshot(books)).to.deep.equal(before)
        })
    it('tells a late holder so, though the version that it writes was dropped since', async () => {
      const {store, processes} = tested()
      processes.set(holder(1), 'dead')
      const taken = await store.acquireLease('books', holder(2), 'ingest')
      await store.dropEmbeddingVersion(target.buildingId, taken)
      const late = {...target, liveId: target.buildingId}
      for (const verb of ['commitVectors', 'publishStaged', 'setLiveVersion', 'replaceVectors'])
        await rejects(WRITES[verb]!(late, books.lease), 'LEASE_LOST')
    })
    for (const [verb, write] of Object.entries(WRITES))
      it(`lets the present holder do ${verb}`, async () => {
        const before = await snapshot(books)
        await write(target, books.lease)
        expect(await snapshot(books)).to.not.deep.equal(before)
      })
  })
}
