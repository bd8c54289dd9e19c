import {constants, copyFileSync, mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {noRoomToRead} from '../../../model/errors/store/store.js'

/** A private copy of a database with its write-ahead log. */
export interface CopyAside {
  readonly path: string
  remove(): void
}

/** How often a copy is made anew because the database was written meanwhile. */
const MOST_ATTEMPTS = 5

/** Whether a failure to open may only mean that nothing can be written beside the database. */
export function mayNotWriteThere(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_READONLY')
}

/**
 * Copies a database to a folder of its own below the system's one for temporary files (`TMPDIR`); undefined when it can't be
 * read or is being written all the time.
 */
export function copyAside(path: string): CopyAside | undefined {
  let folder: string | undefined
  const remove = (): void => {
    if (folder !== undefined) rmSync(folder, {recursive: true, force: true})
  }
  try {
    folder = mkdtempSync(join(tmpdir(), 'rag-read-only-'))
    const copy = join(folder, 'rag.db')
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const before = stateOf(path)
      copyFileSync(path, copy, constants.COPYFILE_FICLONE)
      rmSync(`${copy}-wal`, {force: true})
      if (statSync(`${path}-wal`, {throwIfNoEntry: false}))
        copyFileSync(`${path}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE)
      if (stateOf(path) === before) return {path: copy, remove}
    }
  } catch (error) {
    remove()
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      throw noRoomToRead(path, tmpdir(), error)
    return undefined // Then the first failure, to open it where it lies, is what is told.
  }
  remove()
  return undefined
}

/**
 * Equal texts mean that a database was not written in between. An empty log counts as none: readers leave one behind.
 * The times are those of the file system, in nanoseconds; their steps may be as long as some milliseconds.
 */
export function stateOf(path: string): string {
  const parts = [path, `${path}-wal`].map((file) => {
    const facts = statSync(file, {bigint: true, throwIfNoEntry: false})
    if (!facts || (file !== path && facts.size === 0n)) return 'none'
    return [facts.ino, facts.size, facts.mtimeNs, facts.ctimeNs].join(' ')
  })
  return parts.join(', ')
}
