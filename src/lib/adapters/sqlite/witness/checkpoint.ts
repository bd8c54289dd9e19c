import {closeSync, openSync, readSync} from 'node:fs'
import type {Database} from 'better-sqlite3'
import {saltsIn} from './log-frames.js'
import {samplePages} from './log-pages.js'
import type {WitnessFile} from './witness-file.js'

/**
 * What the write-ahead log takes before it is copied to the database: with SQLite's own 1,000 pages every large commit would copy, and
 * the same pages of the indexes again and again.
 */
export const LOG_BYTES = 64 * 1024 ** 2

/** What SQLite says of its log: frames in it, and how many of them are in the database. */
interface LogState {
  readonly busy: number
  readonly log: number
  readonly checkpointed: number
}

/** Frames of the log that are not in the database yet. */
export function framesToCopy(db: Database): number {
  const {log, checkpointed} = state(db, 'NOOP')
  return log - checkpointed
}

/**
 * Copies the log to the database, and lets the witness tell while it does: a database that was half copied and has lost its log may hold
 * the latest count of commits and not all that they wrote.
 */
export function checkpoint(db: Database, path: string, witness: WitnessFile): void {
  const {log} = state(db, 'NOOP')
  const salts = log > 0 ? saltsOf(`${path}-wal`) : undefined
  if (salts === undefined) return witness.endCopy()
  witness.beginCopy({salts, frames: log, ...samplePages(`${path}-wal`, log)})
  const after = state(db, 'PASSIVE')
  if (after.busy === 0 && after.log === after.checkpointed) witness.endCopy()
}

function state(db: Database, mode: 'NOOP' | 'PASSIVE'): LogState {
  const [found] = db.pragma(`wal_checkpoint(${mode})`) as LogState[]
  return found ?? {busy: 1, log: 0, checkpointed: 0}
}

function saltsOf(log: string): string | undefined {
  const header = Buffer.alloc(32)
  try {
    const file = openSync(log, 'r')
    try {
      return readSync(file, header, 0, 32, 0) === 32 ? saltsIn(header) : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}
