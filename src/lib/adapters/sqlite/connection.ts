import type {Database, Statement} from 'better-sqlite3'
import {leaseLost} from '../../model/errors.js'
import type {Lease} from '../../ports/lease.js'
import type {Clock} from '../../ports/surroundings.js'
import {mapSqliteError} from './errors.js'

/**
 * An open database with its prepared statements. All work in it is synchronous; `read` and `write` make it a promise and
 * turn SQLite's errors into RagErrors.
 */
export class Connection {
  readonly db: Database
  readonly clock: Clock
  readonly #statements = new Map<string, Statement<unknown[], unknown>>()

  constructor(db: Database, clock: Clock) {
    this.db = db
    this.clock = clock
  }

  /** Prepares a statement once. `Row` is what its rows look like. */
  sql<Row = unknown>(text: string): Statement<unknown[], Row> {
    let statement = this.#statements.get(text)
    if (!statement) this.#statements.set(text, (statement = this.db.prepare<unknown[], unknown>(text)))
    return statement as Statement<unknown[], Row>
  }

  /** Forgets statements that name a dropped table. */
  forget(part: string): void {
    for (const text of this.#statements.keys()) if (text.includes(part)) this.#statements.delete(text)
  }

  /** Runs `work` in one read transaction, so that all its statements see the same state. */
  async read<T>(work: () => T): Promise<T> {
    return this.#mapped(() => this.db.transaction(work).deferred())
  }

  /**
   * Runs `work` in one write transaction, after checking the lease inside it (fencing). Synchronous work only: an awaited
   * call would run on outside the transaction.
   * @throws RagError LEASE_LOST
   */
  async write<T>(lease: Lease | undefined, work: () => T): Promise<T> {
    return this.#mapped(() =>
      this.db
        .transaction(() => {
          if (lease) this.#checkLease(lease)
          return work()
        })
        .immediate(),
    )
  }

  /** Runs `work` outside any transaction (pragmas, maintenance). */
  async bare<T>(work: () => T): Promise<T> {
    return this.#mapped(work)
  }

  #checkLease(lease: Lease): void {
    const row = this.sql<{token: number; held: number}>(
      'SELECT token, held FROM leases WHERE corpus = ?',
    ).get(lease.corpus)
    if (!row || row.token !== lease.token || row.held === 0) throw leaseLost(lease.corpus)
  }

  #mapped<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw mapSqliteError(error, this.db.name)
    }
  }
}
