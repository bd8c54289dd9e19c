import {accessSync, constants, existsSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import type {Database} from 'better-sqlite3'
import {type RagError, reasonOf} from '../../model/errors/rag-error.js'
import {
  nativeModuleMissing,
  noWriteAheadLog,
  storeMissing,
  storeUnusable,
} from '../../model/errors/store/store.js'
import {refuseEmptyFile, refuseWithoutTables, rootsBeside, type DatabasePlace} from './empty-database.js'
import {addChecksumFunctions} from './checksums/checksum-functions.js'
import {folderError, mapSqliteError} from './errors.js'
import {copyAside, mayNotWriteThere} from './snapshots/copy-aside.js'
import {makeFolders, syncFolder} from '../system/durable-folders.js'
import {harden} from './schema/harden.js'
import {refuseTriggers} from './schema/schema-faults.js'
import {migrate, refuseNewer, STORE_FORMAT, storeFormat} from './migrate.js'
import {LOG_BYTES} from './witness/checkpoint.js'

/** `create`: make what is missing. `write`: it must be there. `read`: it must be there, and nothing is written. */
export type Access = 'create' | 'write' | 'read'

/** Long enough for another process's largest commit on a slow disk. */
const BUSY_TIMEOUT_MS = 15_000

/**
 * Of a new store. A row with a vector takes 1.5 to 6 KiB: on SQLite's own pages of 4 KiB a third of each stays empty, and a commit of
 * many rows writes twice the pages of the indexes. Older stores keep the size that they were made with.
 */
const PAGE_BYTES = 16_384

/** "rag!" in the file header, so that another program's database is not taken for a store. */
const APPLICATION_ID = 0x72616721

/**
 * Opens `rag.db`: WAL, every commit durable when it returns (`synchronous = FULL`), foreign keys on, deleted content
 * overwritten with zeros. To read a write-ahead log SQLite must be able to write beside it; where it can't (a read-only disk,
 * another user's folder), `read` opens a private copy. An empty database counts for none; but where files of a corpus lie in one of
 * the `artifactRoots` (default: `indexes` and `models` beside it), it has lost what they were made from, and is left as it is.
 * @throws RagError STORE_MISSING | STORE_NEWER | STORE_UNUSABLE | STORE_READ_ONLY | STORE_DAMAGED | NATIVE_MODULE_MISSING
 */
export async function openDatabase(
  path: string,
  access: Access,
  artifactRoots: readonly string[] = rootsBeside(path),
): Promise<Database> {
  prepareFolder(path, access)
  const place = {path, access, isNew: !existsSync(path), artifactRoots}
  refuseEmptyFile(place)
  const Driver = await loadDriver()
  try {
    return openHere(Driver, place)
  } catch (error) {
    if (access !== 'read' && mayNotWriteThere(error)) requireWritable(dirname(path))
    const copy = access === 'read' && mayNotWriteThere(error) ? copyAside(path) : undefined
    if (!copy) throw mapSqliteError(error, path)
    try {
      return openCopy(Driver, copy.path, place)
    } catch (copyError) {
      throw mapSqliteError(copyError, path)
    } finally {
      copy.remove()
    }
  }
}

/** Opens the database at `path`: that of the place, or a copy of it, as which it is told of. */
function openHere(
  Driver: typeof BetterSqlite3,
  place: DatabasePlace,
  {path, access}: {readonly path: string; readonly access: Access} = place,
): Database {
  let db = new Driver(path, {readonly: access === 'read', timeout: BUSY_TIMEOUT_MS})
  try {
    harden(db)
    refuseForeign(db, place.path)
    refuseNewer(db)
    refuseWithoutTables(db, place)
    if (access !== 'read') refuseTriggers(db, place.path)
    if (access === 'read' && storeFormat(db) < STORE_FORMAT) {
      db.close()
      db = new Driver(path, {timeout: BUSY_TIMEOUT_MS})
      harden(db)
      refuseTriggers(db, place.path)
    }
    addChecksumFunctions(db)
    setUp(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Brings a copy up to date and opens it for reading. Without a write-ahead log an open database needs no other file: the
 * copy may be removed at once, and is gone with this process however that ends.
 */
function openCopy(Driver: typeof BetterSqlite3, path: string, place: DatabasePlace): Database {
  const copy = openHere(Driver, place, {path, access: 'write'})
  copy.pragma('journal_mode = DELETE')
  copy.close()
  const db = new Driver(path, {readonly: true})
  harden(db)
  db.pragma('cache_size = -8000')
  storeFormat(db)
  return db
}

/** Loads the native module. @throws RagError NATIVE_MODULE_MISSING */
export async function loadDriver(): Promise<typeof BetterSqlite3> {
  try {
    return (await import('better-sqlite3')).default
  } catch (error) {
    throw nativeModuleMissing('better-sqlite3', reasonOf(error).split('\n', 1)[0]!, error)
  }
}

function prepareFolder(path: string, access: Access): void {
  const folder = dirname(path)
  if (access !== 'create') {
    if (!existsSync(path)) throw missing(folder)
    return
  }
  try {
    makeFolders(folder)
    // Who made it may have been killed before its name was durable.
    if (!existsSync(path)) syncFolder(dirname(folder))
  } catch (error) {
    throw folderError(folder, error)
  }
}

/** SQLite says of a folder that may not be written only that a file in it can't be opened. @throws RagError STORE_READ_ONLY */
function requireWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw folderError(folder, error)
  }
}

function missing(folder: string): RagError {
  const isFile = existsSync(folder) && !statSync(folder).isDirectory()
  return isFile ? storeUnusable(folder, 'it is a file, not a folder') : storeMissing(folder)
}

function setUp(db: Database): void {
  db.pragma('foreign_keys = ON')
  if (db.readonly) {
    db.pragma('cache_size = -8000')
    return
  }
  // Heeded by a database that is empty.
  db.pragma(`page_size = ${PAGE_BYTES}`)
  useWriteAheadLog(db)
  db.pragma('synchronous = FULL')
  db.pragma('secure_delete = ON')
  db.pragma('cache_size = -24000')
  db.pragma(`wal_autocheckpoint = ${LOG_BYTES / (db.pragma('page_size', {simple: true}) as number)}`)
  db.pragma('temp_store = MEMORY')
  migrate(db)
  if ((db.pragma('application_id', {simple: true}) as number) !== APPLICATION_ID)
    db.pragma(`application_id = ${APPLICATION_ID}`)
}

function refuseForeign(db: Database, path: string): void {
  const id = db.pragma('application_id', {simple: true}) as number
  const ours = id === APPLICATION_ID || (id === 0 && storeFormat(db) <= STORE_FORMAT && onlyOurTables(db))
  if (!ours && storeFormat(db) <= STORE_FORMAT)
    throw storeUnusable(path, 'it is a database of another program')
}

/** Another process may be between its first migration and marking the file as ours. */
function onlyOurTables(db: Database): boolean {
  const names = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  return names.length === 0 || names.includes('corpora')
}

/** Switching a fresh database to WAL ignores the busy timeout when several processes do it at once: tried again here. */
function useWriteAheadLog(db: Database): void {
  for (let attempt = 1; ; attempt++) {
    try {
      if (db.pragma('journal_mode = WAL', {simple: true}) === 'wal') return
      throw noWriteAheadLog(db.name)
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
      if (!busy || attempt > 200) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 + attempt)
    }
  }
}
