import {existsSync} from 'node:fs'
import {dirname} from 'node:path'
import {folderBusy} from '../../model/errors/store/store.js'
import {mapSqliteError} from './errors.js'
import {loadDriver} from './open-database.js'

/**
 * Locks a file until the answer is called or the process ends, however it ends: the system's own locks, by way of SQLite, so
 * that there is no stale one to be recognised. `exclusive` makes the file when it is missing. `shared` keeps only the exclusive
 * ones out, and does without where there is no file or it can't be locked (a read-only disk).
 * `what` names the folder to people. @throws RagError STORE_BUSY when another process holds it | STORE_UNUSABLE
 */
export async function lockFile(
  path: string,
  kind: 'exclusive' | 'shared',
  what = 'the backup folder',
): Promise<() => void> {
  const Driver = await loadDriver()
  if (kind === 'shared' && !existsSync(path)) return () => undefined
  let db: InstanceType<typeof Driver> | undefined
  try {
    db = new Driver(path, {readonly: kind === 'shared', timeout: 0})
    db.exec(kind === 'exclusive' ? 'BEGIN EXCLUSIVE' : 'BEGIN; SELECT count(*) FROM sqlite_schema')
    const locked = db
    return () => void locked.close()
  } catch (error) {
    db?.close()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code.startsWith('SQLITE_BUSY')) throw folderBusy(`${what} ${dirname(path)}`, error)
    if (kind === 'shared') return () => undefined
    throw mapSqliteError(error, path)
  }
}
