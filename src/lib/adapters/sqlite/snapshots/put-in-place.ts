import {closeSync, fsyncSync, openSync, renameSync, rmSync} from 'node:fs'
import {sleep} from '../../../kernel/sleep.js'
import type {Database} from 'better-sqlite3'
import type {StoreFile} from '../../../model/operations/backup.js'
import {restoreInterrupted} from '../../../model/errors/program/interruption.js'
import {storeLockedForRestore} from '../../../model/errors/store/store.js'
import {WHOLE_STORE} from '../../../ports/store/lease.js'
import type {StoreSnapshots} from '../../../ports/store/store-snapshots.js'
import type {Clock} from '../../../ports/surroundings.js'
import {setting} from '../checksums/checked-writes.js'
import {Connection} from '../connection.js'
import {mapSqliteError} from '../errors.js'
import {openDatabase} from '../open-database.js'
import {countCommit, passWitnessed, type Witnessed} from '../witness/commit-count.js'
import {readWitnessed} from '../witness/commit-witness.js'
import {WitnessFile} from '../witness/witness-file.js'
import type {CommitRecord} from '../witness/witness-records.js'
import {copyPages} from './snapshot-copy.js'

type Options = Parameters<StoreSnapshots['putInPlace']>[1]

/** As long as an ordinary commit waits for another. */
const BUSY_MS = 15_000
const RETRY_MS = 50

/** `StoreSnapshots.putInPlace`: SQLite copies all pages over those of the live database, as one transaction of that. */
export async function putInPlace(
  {live, copy, clock}: {readonly live: string; readonly copy: string; readonly clock: Clock},
  options: Options,
): Promise<void> {
  const target = await openDatabase(live, 'write')
  try {
    const commit = await adapt({live, target, copy, clock}, options)
    await matchPages(copy, target.pragma('page_size', {simple: true}) as number)
    const source = await openDatabase(copy, 'write')
    try {
      const deadline = clock.monotonic() + BUSY_MS
      while (!(await copyPages(source, live, options))) {
        if (options.signal?.aborted) throw restoreInterrupted()
        if (clock.monotonic() >= deadline) throw storeLockedForRestore(live)
        await sleep(RETRY_MS)
      }
    } finally {
      source.close()
    }
    makeDurable(target, live)
    witness(live, commit)
  } catch (error) {
    throw mapSqliteError(error, live)
  } finally {
    target.close()
  }
}

/** Brings a copy up to date, so that it can go on where the live database stands. */
async function adapt(
  {live: path, target: live, copy, clock}: Adapted,
  {lease, renamed}: Options,
): Promise<CommitRecord> {
  const commits = live.prepare<[], CommitRow>('SELECT * FROM commits').all()
  const witnessed = readWitnessed(path)
  const leases = live.prepare<[], LeaseRow>('SELECT * FROM leases').all()
  const version = live.prepare<[], number>('SELECT coalesce(max(version), 0) FROM corpora').pluck().get()!
  const db = await openDatabase(copy, 'write')
  try {
    return db
      .transaction(() => {
        for (const {kind, from, to} of renamed) db.prepare(RENAME[kind]).run({to, from})
        // Who keeps something by corpus and version must not take the one for the other.
        for (const id of db.prepare<[], number>('SELECT id FROM corpora').pluck().all()) {
          const state = db.prepare<[], string>('SELECT lower(hex(randomblob(16)))').pluck().get()
          db.prepare(RAISE_VERSION).run({least: version, state, id})
        }
        db.exec('UPDATE leases SET held = 0, token = token + 1')
        const keep = db.prepare(KEEP_LEASE)
        for (const row of leases) {
          const held = row.corpus === WHOLE_STORE && row.token === lease.token
          keep.run({...row, held: held ? 1 : 0, token: held ? row.token : row.token + 1})
        }
        return goOnCounting(new Connection(db, clock), commits, witnessed)
      })
      .immediate()
  } finally {
    db.close()
  }
}

/** The commits of the live database are counted on: what is put in place is one more, and no loss of those before. */
function goOnCounting(
  on: Connection,
  commits: readonly CommitRow[],
  witnessed: Witnessed | undefined,
): CommitRecord {
  on.sql('DELETE FROM commits').run()
  const keep = on.sql('INSERT INTO commits (corpus_id, number, store) VALUES (?, ?, ?)')
  for (const {corpus_id: corpusId, number, store} of commits) keep.run(corpusId, number, store)
  if (witnessed) passWitnessed(on, witnessed)
  return countCommit(on, undefined).latest
}

function witness(path: string, commit: CommitRecord): void {
  const file = new WitnessFile(path, 'full')
  file.record(commit)
  file.endCopy()
  file.close()
}

/** SQLite copies pages only to a database that has them of the same size; stores of formats before 7 had smaller ones. */
async function matchPages(copy: string, pageBytes: number): Promise<void> {
  const db = await openDatabase(copy, 'write')
  const rewritten = `${copy}-pages.tmp`
  try {
    if (db.pragma('page_size', {simple: true}) === pageBytes) return
    rmSync(rewritten, {force: true})
    db.pragma(`page_size = ${pageBytes}`)
    db.prepare('VACUUM INTO ?').run(rewritten)
  } finally {
    db.close()
  }
  renameSync(rewritten, copy)
}

interface Adapted {
  /** Path of the live database. */
  readonly live: string
  readonly target: Database
  readonly copy: string
  readonly clock: Clock
}

interface CommitRow {
  readonly corpus_id: number
  readonly number: number
  readonly store: string | null
}

interface LeaseRow {
  readonly corpus: string
  readonly token: number
}

const RENAME: Readonly<Record<StoreFile['kind'], string>> = {
  index: `UPDATE segments SET ${setting('segments', {file: '$to'})} WHERE file = $from`,
  model: `UPDATE embedding_versions SET ${setting('embedding_versions', {model_file: '$to'})} WHERE model_file = $from`,
}

const RAISE_VERSION = `UPDATE corpora SET ${setting('corpora', {
  version: 'max(version, $least) + 1',
  state: '$state',
  counted_version: 'CASE WHEN counted_version = version THEN max(version, $least) + 1 ELSE -1 END',
})} WHERE id = $id`

/** Tokens only ever grow: who held one before must not be taken for who holds it now. */
const KEEP_LEASE = `INSERT INTO leases (corpus, token, held, host, boot_id, pid, started_at, purpose, heartbeat_at_ms)
  VALUES ($corpus, $token, $held, $host, $boot_id, $pid, $started_at, $purpose, $heartbeat_at_ms)
  ON CONFLICT (corpus) DO UPDATE SET token = CASE WHEN excluded.held THEN excluded.token ELSE max(token, excluded.token) END,
    held = excluded.held, host = excluded.host, boot_id = excluded.boot_id, pid = excluded.pid,
    started_at = excluded.started_at, purpose = excluded.purpose, heartbeat_at_ms = excluded.heartbeat_at_ms`

/**
 * SQLite's copying does not sync the log. What is in the log is committed: that there is no room to move it to the database itself
 * is no failure, and is tried again by whoever commits next.
 */
function makeDurable(db: Database, path: string): void {
  const log = openSync(`${path}-wal`, 'r')
  try {
    fsyncSync(log)
  } finally {
    closeSync(log)
  }
  try {
    db.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // See above.
  }
}
