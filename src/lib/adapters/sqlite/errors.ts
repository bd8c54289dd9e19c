import {lstatSync} from 'node:fs'
import {dirname} from 'node:path'
import {RagError, reasonOf} from '../../model/errors.js'

const SAFE = 'What was committed before is safe.'

/** Turns what SQLite threw into a RagError that names the database; passes RagErrors and bugs through. */
export function mapSqliteError(error: unknown, path: string): unknown {
  if (error instanceof RagError || !(error instanceof Error) || !('code' in error)) return error
  return wordingFor(String(error.code), error, path) ?? error
}

/** What FTS5 and the schema say of damaged pages, as a plain SQLITE_ERROR. */
const DAMAGE = /^invalid fts5 file format|^vtable constructor failed|^malformed database schema/

function wordingFor(code: string, error: Error, path: string): RagError | undefined {
  const more = {cause: error}
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new RagError(
      'STORE_BUSY',
      `The store ${path} is locked by another process for too long. ${SAFE}`,
      {
        ...more,
        hint: 'Try again when the other command has finished.',
      },
    )
  if (code === 'SQLITE_FULL')
    return new RagError('DISK_FULL', `No space is left for the store ${path}. ${SAFE}`, {
      ...more,
      hint: 'Free some space, then run the same command again; it goes on where it stopped.',
    })
  if (code.startsWith('SQLITE_READONLY'))
    return new RagError(
      'STORE_READ_ONLY',
      `The store ${path} can't be written: ${error.message}. Nothing was changed.`,
      more,
    )
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || DAMAGE.test(error.message))
    return new RagError(
      'STORE_DAMAGED',
      `The store ${path} is damaged or not a rag store: ${error.message}.`,
      {
        ...more,
        hint: 'Keep a copy of the folder, then restore it from a backup or ingest the documents into a new one.',
      },
    )
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN')
    return new RagError(
      'STORE_UNUSABLE',
      `The store ${path} can't be read or written: ${error.message}. ${SAFE}`,
      more,
    )
  return undefined
}

export const databaseEmptied = (path: string, evidence: string): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `The database ${path} is empty, and was not always: ${evidence} lies beside it. Nothing was changed: the index and model files are untouched.`,
    {
      hint: `Restore it from a backup: rag restore DIR   (or move ${dirname(path)} away, to begin a new store)`,
    },
  )

export const storeUnusable = (path: string, why: string, cause?: unknown): RagError =>
  new RagError('STORE_UNUSABLE', `The data folder ${path} can't be used: ${why}.`, {
    hint: 'Name another folder with --data-dir or RAG_DATA_DIR.',
    ...(cause === undefined ? {} : {cause}),
  })

/** What a failed mkdir or open of the data folder means. */
export function folderError(path: string, error: unknown): RagError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new RagError(
      'STORE_READ_ONLY',
      `The data folder ${path} can't be written (${code}). Nothing was changed.`,
      {
        hint: 'Give this user the right to write there, or name another folder with --data-dir.',
        cause: error,
      },
    )
  if (code === 'ENOSPC')
    return new RagError(
      'DISK_FULL',
      `No space is left to make the data folder ${path}. Nothing was changed.`,
      {cause: error},
    )
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

export const nativeModuleMissing = (name: string, error: unknown): RagError =>
  new RagError(
    'NATIVE_MODULE_MISSING',
    `The native module ${name} can't be loaded: ${firstLine(reasonOf(error))}.`,
    {
      hint: `Build it again with: npm rebuild ${name}`,
      cause: error,
    },
  )

export const internal = (message: string): RagError => new RagError('INTERNAL', message)

export const dimensionMismatch = (expected: number, found: number, what: string): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `${what} has ${found} dimensions, the corpus has ${expected}. Nothing was changed.`,
    {hint: 'A corpus holds one dimension; use another corpus for vectors of another model.'},
  )

export const noVectorsYet = (docId: string): RagError =>
  new RagError(
    'NO_VECTORS',
    `Document "${docId}" brings vectors, but the corpus has no embedding version to hold them.`,
  )

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!
}
