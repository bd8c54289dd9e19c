import {leaseHeld, leaseLost} from '../../../src/lib/model/errors/corpus/lease.js'
import {corpusOfLease, LEASE_STALE_MS, WHOLE_STORE} from '../../../src/lib/ports/store/lease.js'
import type {Lease, LeaseStore} from '../../../src/lib/ports/store/lease.js'
import type {LeaseRow, MemoryState} from './memory-state.js'

/** The leases of a store held in memory. */
export function memoryLeases(state: MemoryState): LeaseStore {
  const isAlive = (row: LeaseRow): boolean => {
    const status = state.processes.status(row.holder)
    return status === 'unknown' ? state.clock.now() - row.heartbeatAtMs <= LEASE_STALE_MS : status === 'alive'
  }
  const held = (lease: Lease): LeaseRow | undefined => {
    const row = state.leases.get(lease.corpus)
    return row?.token === lease.token ? row : undefined
  }
  return {
    async acquireLease(corpus, holder, purpose) {
      const now = state.clock.now()
      // Silence is counted from now on where the clock was set back.
      for (const row of state.leases.values()) row.heartbeatAtMs = Math.min(row.heartbeatAtMs, now)
      const all = corpus === WHOLE_STORE
      const inTheWay = [...state.leases].find(
        ([name, row]) => (all || name === corpus || name === WHOLE_STORE) && isAlive(row),
      )
      if (inTheWay) {
        const [name, {holder: other, purpose: doing}] = inTheWay
        throw leaseHeld(
          corpusOfLease(all ? name : corpus),
          `process ${other.pid} on ${other.host} (${doing})`,
        )
      }
      if (all) state.leases.clear()
      const token = state.nextToken()
      state.leases.set(corpus, {token, holder: {...holder}, purpose, heartbeatAtMs: now})
      return {corpus, token}
    },
    async renewLease(lease) {
      const row = held(lease)
      if (!row) throw leaseLost(lease.corpus)
      row.heartbeatAtMs = state.clock.now()
    },
    async releaseLease(lease) {
      if (held(lease)) state.leases.delete(lease.corpus)
    },
    async listLeases() {
      return [...state.leases].map(([corpus, row]) => ({
        corpus,
        holder: {...row.holder},
        purpose: row.purpose,
        heartbeatAtMs: row.heartbeatAtMs,
        alive: isAlive(row),
      }))
    },
  }
}
