import {expect} from 'chai'
import {LEASE_STALE_MS, WHOLE_STORE, type Lease} from '../../../src/lib/ports/store/lease.js'
import {eachOpens, holder, rejects, type OpenStore} from '../../support/store-fixtures.js'

/** What every `LeaseStore` promises. */
export function leaseStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: LeaseStore`, () => {
    const tested = eachOpens(open)
    const one = holder(1)
    const two = holder(2)
    const far = holder(3, 'elsewhere')

    /** That of another host, taken before the clock was set back, and asked for since. */
    const heldFromAhead = async (): Promise<Lease> => {
      const {store, clock, processes} = tested()
      processes.set(far, 'unknown')
      const lease = await store.acquireLease('books', far, 'ingest')
      clock.set(clock.now() - 1000 * LEASE_STALE_MS)
      await rejects(store.acquireLease('books', one, 'ingest'), 'LEASE_HELD')
      return lease
    }

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
    it('gives the whole store only while nobody writes, and then no corpus', async () => {
      const {store} = tested()
      const lease = await store.acquireLease('books', one, 'ingest')
      await rejects(store.acquireLease(WHOLE_STORE, two, 'restore'), 'LEASE_HELD')
      await store.releaseLease(lease)
      const whole = await store.acquireLease(WHOLE_STORE, two, 'restore')
      await rejects(store.acquireLease('books', one, 'ingest'), 'LEASE_HELD')
      await rejects(store.acquireLease('others', one, 'ingest'), 'LEASE_HELD')
      await rejects(store.acquireLease(WHOLE_STORE, one, 'restore'), 'LEASE_HELD')
      await store.renewLease(whole)
      await store.releaseLease(whole)
      expect((await store.acquireLease('books', one, 'ingest')).token).to.be.greaterThan(lease.token)
    })
    it('takes the whole store over from the dead, whose leases are lost', async () => {
      const {store, processes, clock} = tested()
      const dead = await store.acquireLease('books', one, 'ingest')
      const silent = await store.acquireLease('others', far, 'ingest')
      processes.set(one, 'dead')
      processes.set(far, 'unknown')
      await rejects(store.acquireLease(WHOLE_STORE, two, 'restore'), 'LEASE_HELD')
      clock.advance(LEASE_STALE_MS + 1)
      const whole = await store.acquireLease(WHOLE_STORE, two, 'restore')
      await rejects(store.renewLease(dead), 'LEASE_LOST')
      await rejects(store.renewLease(silent), 'LEASE_LOST')
      processes.set(two, 'dead')
      await store.acquireLease('books', holder(4), 'ingest')
      await rejects(store.acquireLease(WHOLE_STORE, far, 'restore'), 'LEASE_HELD')
      await store.releaseLease(whole)
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
      const {store, clock} = tested()
      const lease = await heldFromAhead()
      await store.renewLease(lease)
      clock.advance(LEASE_STALE_MS - 1)
      await rejects(store.acquireLease('books', one, 'ingest'), 'LEASE_HELD')
    })
    it('takes over from another host that died before the clock went backwards, once it was silent since it was asked for', async () => {
      const {store, clock} = tested()
      const lease = await heldFromAhead()
      clock.advance(LEASE_STALE_MS + 1)
      await store.acquireLease('books', one, 'ingest')
      await rejects(store.renewLease(lease), 'LEASE_LOST')
    })
  })
}
