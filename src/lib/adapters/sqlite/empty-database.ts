import {readdirSync, statSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Database} from 'better-sqlite3'
import {storeEmptied, storeMissing} from '../../model/errors/store/store.js'
import {readHead, witnessPath} from './witness/witness-file.js'

/** Where a database is opened, and what for. */
export interface DatabasePlace {
  readonly path: string
  readonly access: 'create' | 'write' | 'read'
  /** Nothing was there before it was opened. */
  readonly isNew: boolean
  /** Folders of the files that are made from what the database holds: those of a corpus in a folder of its own. */
  readonly artifactRoots: readonly string[]
}

export const rootsBeside = (path: string): readonly string[] =>
  ['indexes', 'models'].map((name) => join(dirname(path), name))

/**
 * To be called before SQLite opens the file: that deletes the log of a database of 0 bytes.
 * @throws RagError STORE_DAMAGED | STORE_MISSING
 */
export function refuseEmptyFile(place: DatabasePlace): void {
  if (statSync(place.path, {throwIfNoEntry: false})?.size !== 0) return
  // A database has its first page before anything is in its log.
  const log = `${place.path}-wal`
  if ((statSync(log, {throwIfNoEntry: false})?.size ?? 0) > 0)
    throw storeEmptied(place.path, log, dirname(place.path))
  refuseEmpty(place)
}

/** @throws RagError STORE_DAMAGED | STORE_MISSING for a database without a table, unless it is one to be made */
export function refuseWithoutTables(db: Database, place: DatabasePlace): void {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' LIMIT 1").get()
  if (table === undefined) refuseEmpty(place)
}

/**
 * A store in the making that was killed leaves a database without content, and nothing beside it: that is none yet. Where files lie
 * beside it that are made from its content, it had some, and they may be the last copy.
 */
function refuseEmpty({path, access, isNew, artifactRoots}: DatabasePlace): void {
  if (isNew) return
  if (readHead(path) !== undefined) throw storeEmptied(path, witnessPath(path), dirname(path))
  for (const root of artifactRoots) {
    const file = fileOfCorpus(root)
    if (file !== undefined) throw storeEmptied(path, file, dirname(path))
  }
  if (access !== 'create') throw storeMissing(dirname(path))
}

function fileOfCorpus(root: string): string | undefined {
  for (const folder of entriesOf(root)) {
    if (!folder.isDirectory()) continue
    const file = firstFile(join(root, folder.name))
    if (file !== undefined) return file
  }
  return undefined
}

function firstFile(folder: string): string | undefined {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    const file = entry.isDirectory() ? firstFile(path) : entry.isFile() ? path : undefined
    if (file !== undefined) return file
  }
  return undefined
}

/** A folder that can't be read tells nothing, and is none of what is opened here. */
function entriesOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder)
  } catch {
    return []
  }
}

const readEntries = (folder: string) => readdirSync(folder, {withFileTypes: true})
