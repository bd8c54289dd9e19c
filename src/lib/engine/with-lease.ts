import type {CorpusName} from '../model/names.js'
import type {Lease} from '../ports/lease.js'
import type {Store} from '../ports/store.js'
import type {Environment} from './environment.js'
import {waitFor} from './wait-for.js'

const HEARTBEAT_MS = 10_000

/**
 * Runs `work` as the one writer of a corpus and gives the lease back afterwards, whatever happens.
 * @throws RagError LEASE_HELD when another process writes it and does not end within the environment's `waitMs`
 */
export async function withLease<T>(
  env: Environment,
  job: {
    readonly store: Store
    readonly corpus: CorpusName
    readonly purpose: string
    readonly signal?: AbortSignal
  },
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease = await acquireLease(env, job)
  const heartbeat = setInterval(() => {
    // A lost lease shows at the next commit; here is nobody to tell.
    job.store
      .renewLease(lease)
      .catch((error: unknown) => env.logger.debug('lease not renewed', {error: String(error)}))
  }, HEARTBEAT_MS)
  heartbeat.unref()
  try {
    return await work(lease)
  } finally {
    clearInterval(heartbeat)
    await job.store.releaseLease(lease).catch(() => undefined)
  }
}

/** Takes a lease, waiting for it as long as the environment says. It is the caller's to release. @throws RagError LEASE_HELD */
export function acquireLease(
  env: Environment,
  {store, corpus, purpose, signal}: {store: Store; corpus: string; purpose: string; signal?: AbortSignal},
): Promise<Lease> {
  return waitFor(env, 'LEASE_HELD', () => store.acquireLease(corpus, env.processes.self(), purpose), signal)
}
