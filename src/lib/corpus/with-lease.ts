import {reembedLease, type Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import type {Services} from '../ports/services.js'
import {waitFor} from '../kernel/wait-for.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'clock' | 'logger' | 'processes' | 'waitMs'>

const HEARTBEAT_MS = 10_000

export interface LeaseJob {
  readonly store: Store
  /** Its name, or that of another lease. */
  readonly corpus: string
  readonly purpose: string
  readonly signal?: AbortSignal | undefined
  /** How long to wait for another holder; the environment's time when absent. */
  readonly waitMs?: number | undefined
}

/**
 * Runs `work` as the one writer of a corpus and gives the lease back afterwards, whatever happens.
 * @throws RagError LEASE_HELD when another process writes it and does not end within the environment's `waitMs`
 */
export async function withLease<T>(
  services: Needs,
  job: LeaseJob,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease = await acquireLease(services, job)
  const heartbeat = setInterval(() => {
    // A lost lease shows at the next commit; here is nobody to tell.
    job.store
      .renewLease(lease)
      .catch((error: unknown) => services.logger.debug('lease not renewed', {error: String(error)}))
  }, HEARTBEAT_MS)
  heartbeat.unref()
  try {
    return await work(lease)
  } finally {
    clearInterval(heartbeat)
    await job.store.releaseLease(lease).catch(() => undefined)
  }
}

/** `withLease` for what must not run beside a re-embedding either, as it removes or replaces embedding versions or what is in them. */
export function withSoleLease<T>(
  services: Needs,
  job: LeaseJob,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const {corpus} = job
  return withLease(services, {...job, corpus: reembedLease(corpus)}, () => withLease(services, job, work))
}

/** Takes a lease, waiting for it as long as the environment says. It is the caller's to release. @throws RagError LEASE_HELD */
export function acquireLease(
  services: Pick<Services, 'clock' | 'processes' | 'waitMs'>,
  {store, corpus, purpose, signal, waitMs = services.waitMs}: LeaseJob,
): Promise<Lease> {
  const attempt = (): Promise<Lease> => store.acquireLease(corpus, services.processes.self(), purpose)
  return waitFor({clock: services.clock, waitMs}, 'LEASE_HELD', attempt, signal)
}
