import {cacheFull, cacheLocked, cacheReadOnly, cacheUnusable} from '../../../model/errors/store/cache.js'
import {reasonOf, type RagError} from '../../../model/errors/rag-error.js'

/** What kept a cache from doing what a person asked of it. */
export function cacheError(path: string, error: unknown): RagError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/BUSY|LOCKED/.test(code)) return cacheLocked(path, error)
  if (/READONLY|EROFS|EACCES|EPERM/.test(code)) return cacheReadOnly(path, code, error)
  if (/FULL|ENOSPC/.test(code)) return cacheFull(path, error)
  return cacheUnusable(path, reasonOf(error), error)
}
