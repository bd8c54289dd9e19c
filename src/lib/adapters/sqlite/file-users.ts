import {existsSync, realpathSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import type {Database} from 'better-sqlite3'
import {RagError, reasonOf} from '../../model/errors/rag-error.js'
import {stateFileUnusable, stateHeld} from '../../model/errors/files/state-file.js'
import type {FileOwner, FileUsers} from '../../ports/store/file-users.js'
import {LEASE_STALE_MS, type ProcessTable} from '../../ports/store/lease.js'
import type {Clock} from '../../ports/surroundings.js'
import {loadDriver} from './open-database.js'

const HEARTBEAT_MS = 10_000
/** Each step takes a moment: who waits longer waits for a stopped process. */
const BUSY_MS = 5_000

const TABLE = `CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, name TEXT NOT NULL, host TEXT NOT NULL, boot_id TEXT NOT NULL,
  pid INTEGER NOT NULL, started_at TEXT NOT NULL, heartbeat_at_ms INTEGER NOT NULL
) STRICT`

interface Row {
  id: number
  owner: string
  name: string
  host: string
  boot_id: string
  pid: number
  started_at: string
  heartbeat_at_ms: number
}

/**
 * Users of a file, in a small database beside it (`.NAME.lock`): each step is one transaction, so that of two processes that find the user
 * before them dead one is first.
 */
export function sqliteFileUsers(processes: ProcessTable, clock: Clock): FileUsers {
  const lives = (row: Row): boolean => {
    const {host, boot_id: bootId, pid, started_at: startedAt} = row
    const status = processes.status({host, bootId, pid, startedAt})
    if (status !== 'unknown') return status === 'alive'
    return clock.now() - row.heartbeat_at_ms <= LEASE_STALE_MS
  }
  return {
    async take(path, owner) {
      const Driver = await loadDriver()
      const at = lockPath(path)
      const step = <T>(work: (db: Database) => T): T => {
        const db = new Driver(at, {timeout: BUSY_MS})
        try {
          return db.transaction(work).immediate(db)
        } finally {
          db.close()
        }
      }
      const entered = asStateFileError(path, () => step((db) => enter(db, owner, {lives, processes, clock})))
      if ('inTheWay' in entered) throw stateHeld({...entered.inTheWay, path, wantedFor: owner.name})
      const {id} = entered
      const heartbeat = setInterval(() => {
        quietly(() =>
          step((db) => db.prepare('UPDATE users SET heartbeat_at_ms = ? WHERE id = ?').run(clock.now(), id)),
        )
      }, HEARTBEAT_MS)
      heartbeat.unref()
      return {
        release() {
          clearInterval(heartbeat)
          // The row of a process that has ended counts for nothing.
          quietly(() => step((db) => db.prepare('DELETE FROM users WHERE id = ?').run(id)))
        },
      }
    },
  }
}

interface Known {
  readonly lives: (row: Row) => boolean
  readonly processes: ProcessTable
  readonly clock: Clock
}

/**
 * Strikes out the dead, and enters this process when all that live are of the same owner. Of a heartbeat of a time to come (the clock
 * was set back) silence is counted from now on.
 */
function enter(
  db: Database,
  owner: FileOwner,
  {lives, processes, clock}: Known,
): {readonly id: number} | {readonly inTheWay: Row} {
  db.exec(TABLE)
  const now = clock.now()
  db.prepare('UPDATE users SET heartbeat_at_ms = ? WHERE heartbeat_at_ms > ?').run(now, now)
  for (const row of db.prepare<[], Row>('SELECT * FROM users ORDER BY id').all()) {
    if (!lives(row)) db.prepare('DELETE FROM users WHERE id = ?').run(row.id)
    else if (row.owner !== owner.key) return {inTheWay: row}
  }
  const {host, bootId, pid, startedAt} = processes.self()
  const {lastInsertRowid} = db
    .prepare(
      'INSERT INTO users (owner, name, host, boot_id, pid, started_at, heartbeat_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(owner.key, owner.name, host, bootId, pid, startedAt, now)
  return {id: Number(lastInsertRowid)}
}

/** Hidden, so that no pattern for batches matches it and a watch of the folder is not woken by it. */
function lockPath(path: string): string {
  const absolute = resolve(path)
  const folder = existsSync(dirname(absolute)) ? realpathSync(dirname(absolute)) : dirname(absolute)
  return join(folder, `.${basename(absolute).replace(/^[.]/, '')}.lock`)
}

function asStateFileError<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RagError) throw error
    throw stateFileUnusable(path, lockPath(path), reasonOf(error), error)
  }
}

function quietly(work: () => unknown): void {
  try {
    work()
  } catch {
    // Then the row stays until the process has ended.
  }
}
