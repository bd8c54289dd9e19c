import {expect} from 'chai'
import {
  eachOpens,
  holder,
  openCorpus,
  rejects,
  snapshot,
  type OpenDurableStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'
import {turn} from './session-store.contract.js'

/** What every store promises that leaves something when it is closed. */
export function durableStoreContract(name: string, open: OpenDurableStore): void {
  describe(`${name}: opened again`, () => {
    const tested = eachOpens(open)
    const one = holder(1)
    const two = holder(2)

    it('keeps what it committed', async () => {
      const {store, reopen} = tested()
      const books = await openCorpus(store)
      const version = await books.liveVersion()
      await books.put(
        {id: 'a', texts: ['red', 'green'], title: 'T', metadata: {n: 1}},
        {id: 'b', texts: ['blue']},
      )
      await books.embedAll(version.id)
      await books.remove('b')
      const before = await snapshot(books)
      const again = await reopen()
      expect(await snapshot({...books, store: again} as WrittenCorpus)).to.deep.equal(before)
    })
    it('keeps leases and tokens', async () => {
      const {store, reopen, processes} = tested()
      const lease = await store.acquireLease('books', one, 'ingest')
      const again = await reopen()
      await rejects(again.acquireLease('books', two, 'ingest'), 'LEASE_HELD')
      await again.renewLease(lease)
      processes.set(one, 'dead')
      expect((await again.acquireLease('books', two, 'ingest')).token).to.be.greaterThan(lease.token)
    })
    it('keeps sessions and profiles', async () => {
      const {store, reopen} = tested()
      await store.appendTurn({id: 'c1', user: 'ann'}, turn('q', 'a'))
      await store.learn('ann', {terms: ['q'], traits: {}})
      const before = [await store.readSession('c1'), await store.getProfile('ann')]
      const again = await reopen()
      expect([await again.readSession('c1'), await again.getProfile('ann')]).to.deep.equal(before)
    })
  })
}
