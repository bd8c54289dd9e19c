import {existsSync, renameSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Database} from 'better-sqlite3'
import {makeFolders} from '../../system/durable-folders.js'
import {harden} from '../schema/harden.js'
import {loadDriver} from '../open-database.js'
import {addEntryChecksum, countDamagedEntries} from './entry-checksum.js'

/** "ragc" in the file header. */
const APPLICATION_ID = 0x72616763
/** What is in a later format is made anew: it can all be computed again. */
const CACHE_FORMAT = 3
const BUSY_TIMEOUT_MS = 2000

const FIRST = `
CREATE TABLE entries (
  id INTEGER PRIMARY KEY,
  tbl TEXT NOT NULL,
  key BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  corpus TEXT,
  model TEXT,
  created_ms INTEGER NOT NULL,
  used_ms INTEGER NOT NULL,
  value BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_key ON entries (tbl, key);
CREATE INDEX entries_by_use ON entries (tbl, used_ms);
CREATE TABLE totals (
  tbl TEXT PRIMARY KEY,
  count INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  hits INTEGER NOT NULL DEFAULT 0,
  misses INTEGER NOT NULL DEFAULT 0,
  evictions INTEGER NOT NULL DEFAULT 0
) STRICT;
`

/** By which documents an entry is found: those that it was made of, by their keys, if all of them are known. */
const ORIGINS = `
ALTER TABLE entries ADD COLUMN attributed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entries_unattributed ON entries (corpus) WHERE tbl = 'embeddings' AND attributed = 0;
CREATE TABLE origins (
  document BLOB NOT NULL,
  entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
  PRIMARY KEY (document, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX origins_by_entry ON origins (entry_id);
`

/** Over what the use of an entry hangs on, so that a flipped bit is noticed. */
const CHECKSUMS = `
ALTER TABLE entries ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE entries SET checksum = entry_checksum(tbl, key, corpus, model, created_ms, value);
`

/** The step to each format from the one before. */
const STEPS = [FIRST, ORIGINS, CHECKSUMS] as const

/**
 * Opens `cache.db`, and makes it when it is missing. A file that is damaged, of another format or of another program is set aside as
 * `cache.db.corrupt` and made anew. @throws what SQLite or the file system throws when that can't be done either
 */
export async function openCacheDatabase(path: string): Promise<Database> {
  makeFolders(dirname(path))
  try {
    return await openHere(path)
  } catch (error) {
    if (!isDamage(error)) throw error
    setAsideCache(path)
    return openHere(path)
  }
}

async function openHere(path: string): Promise<Database> {
  const Driver = await loadDriver()
  const db = new Driver(path, {timeout: BUSY_TIMEOUT_MS})
  try {
    harden(db)
    refuseTriggersOfOthers(db)
    if (formatOf(db) === 0) db.pragma('auto_vacuum = INCREMENTAL')
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('secure_delete = ON')
    db.pragma('foreign_keys = ON')
    db.transaction(() => {
      const format = formatOf(db)
      if (format === CACHE_FORMAT && db.pragma('application_id', {simple: true}) === APPLICATION_ID) return
      if (format > CACHE_FORMAT || !isOurs(db, format)) throw new OtherFormat()
      addEntryChecksum(db)
      for (const step of STEPS.slice(format)) db.exec(step)
      db.pragma(`application_id = ${APPLICATION_ID}`)
      db.pragma(`user_version = ${CACHE_FORMAT}`)
    }).immediate()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** A cache has none: what has one was not made by rag, and is set aside. */
function refuseTriggersOfOthers(db: Database): void {
  const found = db
    .prepare("SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')")
    .pluck()
    .get()
  if (found !== 0) throw new OtherFormat()
}

class OtherFormat extends Error {
  override readonly message = 'a database of another format'
}

const formatOf = (db: Database): number => db.pragma('user_version', {simple: true}) as number

/** An earlier format of a cache, or no database yet. */
function isOurs(db: Database, format: number): boolean {
  if (format > 0) return db.pragma('application_id', {simple: true}) === APPLICATION_ID
  return db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
}

/** True when the file itself is to blame, not a lock, the disk or rights. */
export function isDamage(error: unknown): boolean {
  if (error instanceof OtherFormat) return true
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR'
}

/** Out of the way as `cache.db.corrupt`, kept for whoever wants to know; the one before it goes. */
export function setAsideCache(path: string): void {
  if (!existsSync(path)) return
  for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, {force: true})
  renameSync(path, `${path}.corrupt`)
}

/** What was set aside goes, with whatever is quoted in it. */
export function removeSetAside(path: string): void {
  rmSync(`${path}.corrupt`, {force: true})
}

/** What is wrong with a cache's file, as it lies there; undefined for one that is whole, and for none. */
export async function checkCache(path: string): Promise<string | undefined> {
  if (!existsSync(path)) return undefined
  const Driver = await loadDriver()
  try {
    const db = new Driver(path, {readonly: true, timeout: BUSY_TIMEOUT_MS})
    try {
      const found = db.pragma('quick_check(1)', {simple: true})
      if (found !== 'ok') return String(found)
      if (formatOf(db) > CACHE_FORMAT) return 'it is of another format'
      const damaged = formatOf(db) === CACHE_FORMAT ? countDamagedEntries(db) : 0
      return damaged > 0 ? `${damaged} entries are not what was kept` : undefined
    } finally {
      db.close()
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
