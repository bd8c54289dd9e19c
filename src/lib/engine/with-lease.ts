import {setTimeout as sleep} from 'node:timers/promises'
import {RagError} from '../model/errors.js'
import type {CorpusName} from '../model/names.js'
import type {Lease} from '../ports/lease.js'
import type {Store} from '../ports/store.js'
import type {Environment} from './environment.js'

const HEARTBEAT_MS = 10_000
const RETRY_MS = 200

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
  const lease = await acquire(env, job)
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

async function acquire(
  env: Environment,
  {store, corpus, purpose, signal}: {store: Store; corpus: CorpusName; purpose: string; signal?: AbortSignal},
): Promise<Lease> {
  const deadline = env.clock.monotonic() + env.waitMs
  for (;;) {
    try {
      return await store.acquireLease(corpus, env.processes.self(), purpose)
    } catch (error) {
      const held = error instanceof RagError && error.code === 'LEASE_HELD'
      if (!held || env.clock.monotonic() >= deadline || signal?.aborted) throw error
      await sleep(RETRY_MS)
    }
  }
}
