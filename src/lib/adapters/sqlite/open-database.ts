import {accessSync, constants, existsSync, mkdirSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import type {Database} from 'better-sqlite3'
import {RagError, storeMissing} from '../../model/errors.js'
import {folderError, mapSqliteError, nativeModuleMissing, storeUnusable} from './errors.js'
import {readIntoMemory} from './read-into-memory.js'
import {migrate, refuseNewer, STORE_FORMAT, storeFormat} from './migrate.js'

/** `create`: make what is missing. `write`: it must be there. `read`: it must be there, and nothing is written. */
export type Access = 'create' | 'write' | 'read'

/** Long enough for another process's largest commit on a slow disk. */
const BUSY_TIMEOUT_MS = 15_000

/** "rag!" in the file header, so that another program's database is not taken for a store. */
const APPLICATION_ID = 0x72616721

/**
 * Opens `rag.db`: WAL, every commit durable when it returns (`synchronous = FULL`), foreign keys on, deleted content
 * overwritten with zeros.
 * @throws RagError STORE_MISSING | STORE_NEWER | STORE_UNUSABLE | STORE_READ_ONLY | STORE_DAMAGED | NATIVE_MODULE_MISSING
 */
export async function openDatabase(path: string, access: Access): Promise<Database> {
  prepareFolder(path, access)
  const Driver = await loadDriver()
  let db: Database | undefined
  try {
    db = new Driver(path, {readonly: access === 'read', timeout: BUSY_TIMEOUT_MS})
    if (access === 'read' && storeFormat(db) < STORE_FORMAT) {
      db.close()
      db = new Driver(path, {timeout: BUSY_TIMEOUT_MS})
    }
    setUp(db, path)
    return db
  } catch (error) {
    db?.close()
    const bytes = access === 'read' && mayNotWrite(error) ? readIntoMemory(path) : undefined
    if (bytes === undefined) throw openError(error, path, access)
    return openBytes(Driver, bytes, path)
  }
}

/** SQLite can't tell a folder that may not be written from other reasons why it can't open a file. */
function openError(error: unknown, path: string, access: Access): unknown {
  if (access !== 'read' && mayNotWrite(error))
    try {
      accessSync(dirname(path), constants.W_OK)
    } catch (denied) {
      return folderError(dirname(path), denied)
    }
  return mapSqliteError(error, path)
}

/** A reader, too, must make the shared memory of the write-ahead log beside the database. */
function mayNotWrite(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(CANTOPEN|READONLY)/.test(String(error.code))
}

function openBytes(Driver: typeof BetterSqlite3, bytes: Buffer, path: string): Database {
  const db = new Driver(bytes, {readonly: true})
  try {
    setUp(db, path)
    return db
  } catch (error) {
    db.close()
    throw mapSqliteError(error, path)
  }
}

async function loadDriver(): Promise<typeof BetterSqlite3> {
  try {
    return (await import('better-sqlite3')).default
  } catch (error) {
    throw nativeModuleMissing('better-sqlite3', error)
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
  } catch (error) {
    throw folderError(folder, error)
  }
}

/** One by one: Node's own recursive mkdir never returns below /proc. */
function makeFolders(folder: string): void {
  if (statSync(folder, {throwIfNoEntry: false})?.isDirectory()) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolders(parent)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process was quicker.
    if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory()) throw error
  }
}

function missing(folder: string): RagError {
  const isFile = existsSync(folder) && !statSync(folder).isDirectory()
  return isFile ? storeUnusable(folder, 'it is a file, not a folder') : storeMissing(folder)
}

function setUp(db: Database, path: string): void {
  refuseForeign(db, path)
  refuseNewer(db)
  db.pragma('foreign_keys = ON')
  if (db.readonly) {
    db.pragma('cache_size = -8000')
    return
  }
  useWriteAheadLog(db)
  db.pragma('synchronous = FULL')
  db.pragma('secure_delete = ON')
  db.pragma('cache_size = -32000')
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
      throw new RagError(
        'STORE_UNUSABLE',
        `The file system of ${db.name} does not support a write-ahead log.`,
      )
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
      if (!busy || attempt > 200) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 + attempt)
    }
  }
}
