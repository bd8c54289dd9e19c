import {expect} from 'chai'
import {createMemoryStore} from '../../support/memory/memory-store.js'
import type {Services} from '../../../src/lib/ports/services.js'
import {withLease} from '../../../src/lib/corpus/with-lease.js'
import {corpusName} from '../../../src/lib/model/names.js'
import type {Store} from '../../../src/lib/ports/store/store.js'
import {FixedClock} from '../../support/fixed-clock.js'
import {FakeProcessTable, holder, rejects} from '../../support/store-fixtures.js'

const CORPUS = corpusName('books')

describe('withLease', () => {
  let store: Store
  beforeEach(() => {
    store = createMemoryStore({clock: new FixedClock(), processes: new FakeProcessTable()})
  })

  const servicesOf = (pid: number, waitMs = 0): Services =>
    ({
      waitMs,
      clock: {now: () => Date.now(), monotonic: () => performance.now()},
      logger: {debug: () => undefined, info: () => undefined, warn: () => undefined},
      processes: {self: () => holder(pid)},
    }) as unknown as Services
  const job = {corpus: CORPUS, purpose: 'test'}

  it('gives the lease back when the work is done, and when it failed', async () => {
    expect(
      await withLease(servicesOf(1), {store, ...job}, async () => (await store.listLeases()).length),
    ).to.equal(1)
    expect(await store.listLeases()).to.deep.equal([])
    const error = await withLease(servicesOf(1), {store, ...job}, async () => {
      throw new Error('broken')
    }).catch((thrown: unknown) => thrown)
    expect(error).to.have.property('message', 'broken')
    expect(await store.listLeases()).to.deep.equal([])
  })

  it('fails at once while another holds it, without touching that one’s', async () => {
    const theirs = await store.acquireLease(CORPUS, holder(2), 'ingest')
    let worked = false
    await rejects(
      withLease(servicesOf(1), {store, ...job}, async () => {
        worked = true
      }),
      'LEASE_HELD',
    )
    expect(worked).to.equal(false)
    await store.renewLease(theirs)
  })

  it('waits as long as it was told to, and takes over when the other is done', async () => {
    const theirs = await store.acquireLease(CORPUS, holder(2), 'ingest')
    setTimeout(() => void store.releaseLease(theirs), 100)
    expect(await withLease(servicesOf(1, 5000), {store, ...job}, async () => 'done')).to.equal('done')
    await store.acquireLease(CORPUS, holder(2), 'ingest')
    const startedAt = performance.now()
    await rejects(
      withLease(servicesOf(1, 300), {store, ...job}, async () => 'done'),
      'LEASE_HELD',
    )
    expect(performance.now() - startedAt).to.be.within(300, 2000)
  })

  it('stops waiting when it is interrupted', async () => {
    await store.acquireLease(CORPUS, holder(2), 'ingest')
    const startedAt = performance.now()
    const signal = AbortSignal.timeout(100)
    const error = await withLease(servicesOf(1, 60_000), {store, ...job, signal}, async () => 'done').catch(
      (thrown: unknown) => thrown,
    )
    expect(error).to.have.property('code').that.is.oneOf(['LEASE_HELD', 'INTERRUPTED'])
    expect(performance.now() - startedAt).to.be.lessThan(5000)
  })
})
