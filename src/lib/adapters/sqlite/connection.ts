import type {Database, Statement} from 'better-sqlite3'
import {leaseLost} from '../../model/errors/corpus/lease.js'
import {noEmbeddingVersion} from '../../model/errors/store/store-rules.js'
import {corpusOfLease, reembedLease, type Lease} from '../../ports/store/lease.js'
import type {Clock} from '../../ports/surroundings.js'
import {DamageLog} from './checksums/damage-log.js'
import {mapSqliteError} from './errors.js'
import {checkpoint, framesToCopy, LOG_BYTES} from './witness/checkpoint.js'
import {countCommit} from './witness/commit-count.js'
import type {WitnessFile} from './witness/witness-file.js'

/**
 * An open database with its prepared statements. All work in it is synchronous; `read` and `write` make it a promise and
 * turn SQLite's errors into RagErrors.
 */
export class Connection {
  readonly db: Database
  readonly clock: Clock
  /** Where the database is, as people know it: of a copy made for reading, the path of the original. */
  readonly path: string
  /** Of rows that reads left out. */
  readonly damage = new DamageLog()
  /** Called with each commit; of a copy there is none. */
  readonly #witness: WitnessFile | undefined
  #pageBytes: number | undefined
  #isCopied = false
  readonly #statements = new Map<string, Statement<unknown[], unknown>>()

  constructor(db: Database, clock: Clock, path: string = db.name, witness?: WitnessFile) {
    this.db = db
    this.clock = clock
    this.path = path
    this.#witness = witness
  }

  /** Prepares a statement once. `Row` is what its rows look like. */
  sql<Row = unknown>(text: string): Statement<unknown[], Row> {
    let statement = this.#statements.get(text)
    if (!statement) this.#statements.set(text, (statement = this.db.prepare<unknown[], unknown>(text)))
    return statement as Statement<unknown[], Row>
  }

  /** Drops prepared statements that name a dropped table. */
  dropStatements(part: string): void {
    for (const text of this.#statements.keys()) if (text.includes(part)) this.#statements.delete(text)
  }

  /** Runs `work` in one read transaction, so that all its statements see the same state. */
  async read<T>(work: () => T): Promise<T> {
    return this.#mapped(() => this.db.transaction(work).deferred())
  }

  /**
   * Runs `work` in one write transaction, which is counted and witnessed when it changed anything. Synchronous work only: an awaited call
   * would run on outside the transaction.
   */
  async write<T>(work: () => T): Promise<T> {
    return this.#commit(() => ({result: work()}))
  }

  /** `write` for what nobody is told of, and nobody misses when it is gone: leases, counts that are kept, dates. Not counted. */
  async writeAside<T>(work: () => T): Promise<T> {
    return this.#mapped(() => this.db.transaction(work).immediate())
  }

  /**
   * `write` for the holder of the corpus's lease, which is checked inside the transaction (fencing).
   * @throws RagError LEASE_LOST
   */
  async writeCorpus<T>(corpusId: number, lease: Lease, work: () => T): Promise<T> {
    return this.#commit(() => {
      const name = this.#checkLease(corpusId, lease)
      return {result: work(), corpus: {id: corpusId, name}}
    })
  }

  /** `write` for the holder of the lease of the whole store. @throws RagError LEASE_LOST */
  async writeStore<T>(lease: Lease, work: () => T): Promise<T> {
    return this.#commit(() => {
      this.#checkHeld(lease)
      return {result: work()}
    })
  }

  /** `writeCorpus` for the corpus of an embedding version. @throws RagError LEASE_LOST | INTERNAL for an unknown version */
  async writeVersion<T>(versionId: number, lease: Lease, work: () => T): Promise<T> {
    return this.#commit(() => {
      const {corpus_id: id} = this.#versionOf(versionId, lease)
      const name = this.#checkLease(id, lease)
      return {result: work(), corpus: {id, name}}
    })
  }

  /**
   * `writeVersion` for vectors and segments: those of a version that is being built may also be written by who holds the lease
   * to make it. @throws RagError LEASE_LOST | INTERNAL
   */
  async writeVectors<T>(versionId: number, lease: Lease, work: () => T): Promise<T> {
    return this.#commit(() => {
      const {corpus_id: id, state, name} = this.#versionOf(versionId, lease)
      if (state === 'building' && lease.corpus === reembedLease(name)) this.#checkHeld(lease)
      else this.#checkLease(id, lease)
      return {result: work(), corpus: {id, name}}
    })
  }

  #commit<T>(work: () => {result: T; corpus?: {readonly id: number; readonly name: string}}): T {
    return this.#mapped(() => {
      this.#witness?.prepare()
      this.#endCopy()
      const {result, counted} = this.db
        .transaction(() => {
          const before = this.#changes()
          const {result: made, corpus} = work()
          const isChanged = this.#witness !== undefined && this.#changes() > before
          return {result: made, counted: isChanged ? countCommit(this, corpus) : undefined}
        })
        .immediate()
      if (counted) this.#witness?.record(counted.latest, counted.ofCorpus)
      this.copyLog(LOG_BYTES)
      return result
    })
  }

  /**
   * Copies the log to the database when more than so much of it is not there yet: SQLite itself would not let the witness tell. What is in the log is committed;
   * what can't be copied now is copied by whoever comes next.
   */
  copyLog(mostBytes = 0): void {
    if (!this.#witness || this.db.readonly) return
    try {
      this.#pageBytes ??= this.db.pragma('page_size', {simple: true}) as number
      if (framesToCopy(this.db) * this.#pageBytes > mostBytes) checkpoint(this.db, this.path, this.#witness)
    } catch {
      // See above.
    }
  }

  /** A copy that was cut off is ended before the log can begin anew. */
  #endCopy(): void {
    if (this.#witness && !this.#isCopied && this.#witness.isCopying) this.copyLog(-1)
    this.#isCopied = true
  }

  /** Rows that were changed since the database was opened. */
  #changes(): number {
    return this.sql<number>('SELECT total_changes()').pluck().get() as number
  }

  /** A late holder does not find what its successor has dropped: that its lease is lost comes first. */
  #versionOf(versionId: number, lease: Lease): {corpus_id: number; state: string; name: string} {
    const row = this.sql<{corpus_id: number; state: string; name: string}>(
      'SELECT v.corpus_id, v.state, c.name FROM embedding_versions v JOIN corpora c ON c.id = v.corpus_id WHERE v.id = ?',
    ).get(versionId)
    if (row) return row
    this.#checkHeld(lease)
    throw noEmbeddingVersion(versionId)
  }

  /** Runs `work` outside any transaction (pragmas, maintenance). */
  async bare<T>(work: () => T): Promise<T> {
    return this.#mapped(work)
  }

  /** The corpus's name. */
  #checkLease(corpusId: number, lease: Lease): string {
    const held = this.sql<string>(
      `SELECT c.name FROM leases l JOIN corpora c ON c.name = l.corpus
       WHERE c.id = ? AND l.corpus = ? AND l.token = ? AND l.held = 1`,
    )
      .pluck()
      .get(corpusId, lease.corpus, lease.token)
    if (held === undefined) throw leaseLost(corpusOfLease(lease.corpus))
    return held as string
  }

  #checkHeld(lease: Lease): void {
    const held = this.sql('SELECT 1 FROM leases WHERE corpus = ? AND token = ? AND held = 1').get(
      lease.corpus,
      lease.token,
    )
    if (held === undefined) throw leaseLost(corpusOfLease(lease.corpus))
  }

  /** Moves all of the log to the database, which overwrites what was removed. False when a reader keeps it from that. */
  async emptyLog(): Promise<boolean> {
    return this.bare(() => {
      this.copyLog()
      const [result] = this.db.pragma('wal_checkpoint(TRUNCATE)') as {busy: number}[]
      return result?.busy === 0
    })
  }

  /** Closes the database and its witness. */
  close(): void {
    this.copyLog()
    this.db.close()
    this.#witness?.close()
  }

  #mapped<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw mapSqliteError(error, this.path)
    }
  }
}
