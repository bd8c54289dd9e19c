import {expect} from 'chai'
import {LEASE_STALE_MS} from '../../../src/lib/ports/lease.js'
import {eachOpens, holder, rejects, type OpenStore} from '../../support/store-fixtures.js'

/** What every `LeaseStore` promises. */
export function leaseStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: LeaseStore`, () => {
    const tested = eachOpens(open)
    const one = holder(1)
    const two = holder(2)
    const far = holder(3, 'elsewhere')

    it('gives a corpus to one writer, each corpus on its own', async () => {
      const {store, clock} = tested()
      const lease = await store.acquireLease('books', one, 'ingest')
      expect(lease.corpus).to.equal('books')
      await rejects(store.acquireLease('books', two, 'delete'), 'LEASE_HELD')
      await rejects(store.acquireLease('books', one, 'again'), 'LEASE_HELD')
      await store.acquireLease('others', one, 'rebuild')
      const heartbeatAtMs = clock.now()
      expect(await store.listLeases()).to.have.deep.members([
        {corpus: 'books', holder: one, purpose: 'ingest', heartbeatAtMs, alive: true},
        {corpus: 'others', holder: one, purpose: 'rebuild', heartbeatAtMs, alive: true},
      ])
    })
    it('hands out larger tokens after a release; a released lease is lost', async () => {
      const {store} = tested()
      const first = await store.acquireLease('books', one, 'ingest')
      await store.releaseLease(first)
      expect(await store.listLeases()).to.deep.equal([])
      await rejects(store.renewLease(first), 'LEASE_LOST')
      const second = await store.acquireLease('books', two, 'ingest')
      expect(second.token).to.be.greaterThan(first.token)
      await store.releaseLease(first)
      await store.renewLease(second)
      expect((await store.listLeases()).map((it) => it.holder)).to.deep.equal([two])
    })
    it('takes over from a dead process at once; the old lease is lost', async () => {
      const {store, processes} = tested()
      const first = await store.acquireLease('books', one, 'ingest')
      processes.set(one, 'dead')
      expect((await store.listLeases()).map((it) => it.alive)).to.deep.equal([false])
      const second = await store.acquireLease('books', two, 'ingest')
      expect(second.token).to.be.greaterThan(first.token)
      await rejects(store.renewLease(first), 'LEASE_LOST')
      await store.releaseLease(first)
      await store.renewLease(second)
    })
    it('never takes over from a living process of this host, however long it was silent', async () => {
      const {store, clock} = tested()
      const lease = await store.acquireLease('books', one, 'ingest')
      clock.advance(100 * LEASE_STALE_MS)
      await rejects(store.acquireLease('books', two, 'ingest'), 'LEASE_HELD')
      expect((await store.listLeases()).map((it) => it.alive)).to.deep.equal([true])
      await store.renewLease(lease)
    })
    it('takes over from another host only after its heartbeat has been silent for too long', async () => {
      const {store, clock, processes} = tested()
      processes.set(far, 'unknown')
      const lease = await store.acquireLease('books', far, 'ingest')
      clock.advance(LEASE_STALE_MS - 1)
      await rejects(store.acquireLease('books', one, 'ingest'), 'LEASE_HELD')
      await store.renewLease(lease)
      expect((await store.listLeases())[0]).to.include({heartbeatAtMs: clock.now(), alive: true})
      clock.advance(LEASE_STALE_MS - 1)
      await rejects(store.acquireLease('books', one, 'ingest'), 'LEASE_HELD')
      clock.advance(2)
      expect((await store.listLeases()).map((it) => it.alive)).to.deep.equal([false])
      const taken = await store.acquireLease('books', one, 'ingest')
      expect(taken.token).to.be.greaterThan(lease.token)
      await rejects(store.renewLease(lease), 'LEASE_LOST')
    })
    it('does not take a live holder for silent when the clock goes backwards', async () => {
      const {store, clock, processes} = tested()
      processes.set(far, 'unknown')
      const lease = await store.acquireLease('books', far, 'ingest')
      clock.set(clock.now() - 1000 * LEASE_STALE_MS)
      await rejects(store.acquireLease('books', one, 'ingest'), 'LEASE_HELD')
      await store.renewLease(lease)
      clock.advance(LEASE_STALE_MS - 1)
      await rejects(store.acquireLease('books', one, 'ingest'), 'LEASE_HELD')
    })
    it('keeps leases and tokens when it is opened again', async function () {
      const {store, reopen, processes} = tested()
      if (!reopen) this.skip()
      const lease = await store.acquireLease('books', one, 'ingest')
      const again = await reopen()
      await rejects(again.acquireLease('books', two, 'ingest'), 'LEASE_HELD')
      await again.renewLease(lease)
      processes.set(one, 'dead')
      expect((await again.acquireLease('books', two, 'ingest')).token).to.be.greaterThan(lease.token)
    })
  })
}
