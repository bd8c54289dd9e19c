import {lstatSync} from 'node:fs'
import {reasonOf, RagError} from '../../model/errors/rag-error.js'
import {
  folderReadOnly,
  noRoomForStore,
  storeDamaged,
  storeFull,
  storeLocked,
  storeReadOnly,
  storeUnreadable,
  storeUnusable,
} from '../../model/errors/store/store.js'

/** Turns what SQLite threw into a RagError that names the database; passes RagErrors and bugs through. */
export function mapSqliteError(error: unknown, path: string): unknown {
  if (error instanceof RagError || !(error instanceof Error) || !('code' in error)) return error
  return meaningOf(String(error.code), error, path) ?? error
}

/** What FTS5 and the schema say of damaged pages, as a plain SQLITE_ERROR. */
const DAMAGE = /^invalid fts5 file format|^vtable constructor failed|^malformed database schema/

function meaningOf(code: string, error: Error, path: string): RagError | undefined {
  const why = error.message
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return storeLocked(path, error)
  if (code === 'SQLITE_FULL') return storeFull(path, error)
  if (code.startsWith('SQLITE_READONLY')) return storeReadOnly(path, why, error)
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || DAMAGE.test(why))
    return storeDamaged(path, why, error)
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN') return storeUnreadable(path, why, error)
  return undefined
}

/** What a failed mkdir or open of the data folder means. */
export function folderError(path: string, error: unknown): RagError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return folderReadOnly(path, code, error)
  if (code === 'ENOSPC') return noRoomForStore(path, error)
  const link = code === 'EEXIST' ? linkToNowhere(error) : undefined
  if (link !== undefined) return storeUnusable(path, `${link} is a link to what is not there`, error)
  if (code === 'ENOTDIR' || code === 'EEXIST') return storeUnusable(path, 'it is a file, not a folder', error)
  return storeUnusable(path, reasonOf(error), error)
}

/** The link in the way of a folder that was to be made, if it is one: to a disk that is not mounted, say. */
function linkToNowhere(error: unknown): string | undefined {
  const {path} = error as NodeJS.ErrnoException
  return path !== undefined && lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() ? path : undefined
}
