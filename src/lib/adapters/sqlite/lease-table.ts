import {leaseHeld, leaseLost} from '../../model/errors/corpus/lease.js'
import {
  corpusOfLease,
  LEASE_STALE_MS,
  WHOLE_STORE,
  type LeaseHolder,
  type LeaseStore,
  type ProcessTable,
} from '../../ports/store/lease.js'
import type {Connection} from './connection.js'

interface Row {
  corpus: string
  token: number
  held: number
  host: string
  boot_id: string
  pid: number
  started_at: string
  purpose: string
  heartbeat_at_ms: number
}

function toHolder(row: Row): LeaseHolder {
  return {host: row.host, bootId: row.boot_id, pid: row.pid, startedAt: row.started_at}
}

export function leaseStore(on: Connection, processes: ProcessTable): LeaseStore {
  const holds = (row: Row): boolean => {
    if (row.held === 0) return false
    const status = processes.status(toHolder(row))
    if (status !== 'unknown') return status === 'alive'
    return on.clock.now() - row.heartbeat_at_ms <= LEASE_STALE_MS
  }
  return {
    acquireLease: async (corpus, holder, purpose) => {
      const found = await on.writeAside(() => {
        clampHeartbeats(on)
        const inTheWay = inTheWayOf(on, corpus).find(holds)
        return inTheWay ? {inTheWay} : {token: take(on, corpus, {holder, purpose})}
      })
      // Thrown out here: what was written about the heartbeats stays.
      if ('token' in found) return {corpus, token: found.token}
      const {inTheWay} = found
      throw leaseHeld(corpusOfLease(corpus === WHOLE_STORE ? inTheWay.corpus : corpus), describe(inTheWay))
    },
    renewLease: (lease) =>
      on.writeAside(() => {
        const {changes} = on
          .sql('UPDATE leases SET heartbeat_at_ms = ? WHERE corpus = ? AND token = ? AND held = 1')
          .run(on.clock.now(), lease.corpus, lease.token)
        if (changes === 0) throw leaseLost(lease.corpus)
      }),
    releaseLease: (lease) =>
      on.writeAside(() => {
        on.sql('UPDATE leases SET held = 0 WHERE corpus = ? AND token = ?').run(lease.corpus, lease.token)
      }),
    listLeases: () =>
      on.read(() =>
        on
          .sql<Row>('SELECT * FROM leases WHERE held = 1 ORDER BY corpus')
          .all()
          .map((row) => ({
            corpus: row.corpus,
            holder: toHolder(row),
            purpose: row.purpose,
            heartbeatAtMs: row.heartbeat_at_ms,
            alive: holds(row),
          })),
      ),
  }
}

/**
 * A heartbeat of a time to come was written before the clock was set back, or by a clock that is ahead: silence is counted from now on,
 * or a holder that died then would keep the corpus until that time has come. One that lives says so again.
 */
function clampHeartbeats(on: Connection): void {
  const now = on.clock.now()
  on.sql('UPDATE leases SET heartbeat_at_ms = ? WHERE held = 1 AND heartbeat_at_ms > ?').run(now, now)
}

function take(
  on: Connection,
  corpus: string,
  {holder, purpose}: {readonly holder: LeaseHolder; readonly purpose: string},
): number {
  const row = on.sql<Row>('SELECT * FROM leases WHERE corpus = ?').get(corpus)
  if (corpus === WHOLE_STORE) on.sql('UPDATE leases SET held = 0').run()
  const token = (row?.token ?? 0) + 1
  on.sql(
    `INSERT INTO leases (corpus, token, held, host, boot_id, pid, started_at, purpose, heartbeat_at_ms)
     VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (corpus) DO UPDATE SET token = excluded.token, held = 1, host = excluded.host,
       boot_id = excluded.boot_id, pid = excluded.pid, started_at = excluded.started_at, purpose = excluded.purpose,
       heartbeat_at_ms = excluded.heartbeat_at_ms`,
  ).run(corpus, token, holder.host, holder.bootId, holder.pid, holder.startedAt, purpose, on.clock.now())
  return token
}

/** The leases that must not be held by a living process when this one is given. */
function inTheWayOf(on: Connection, corpus: string): Row[] {
  if (corpus === WHOLE_STORE) return on.sql<Row>('SELECT * FROM leases ORDER BY corpus DESC').all()
  return on.sql<Row>('SELECT * FROM leases WHERE corpus IN (?, ?)').all(corpus, WHOLE_STORE)
}

function describe(row: Row): string {
  return `process ${row.pid} on ${row.host} (${row.purpose})`
}
