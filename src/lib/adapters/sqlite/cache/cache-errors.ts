import {RagError, reasonOf} from '../../../model/errors.js'

/** What kept a cache from doing what a person asked of it. */
export function cacheError(path: string, error: unknown): RagError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const more = {cause: error}
  if (/BUSY|LOCKED/.test(code))
    return new RagError(
      'STORE_BUSY',
      `The cache ${path} is locked by another process for too long. Nothing was changed.`,
      {
        ...more,
        hint: 'Try again when the other command has finished.',
      },
    )
  if (/READONLY|EROFS|EACCES|EPERM/.test(code))
    return new RagError(
      'STORE_READ_ONLY',
      `The cache ${path} can't be written (${code}). Nothing was changed.`,
      more,
    )
  if (/FULL|ENOSPC/.test(code))
    return new RagError('DISK_FULL', `No space is left for the cache ${path}. Nothing was changed.`, {
      ...more,
      hint: 'Deleting cache.db loses nothing but time.',
    })
  return new RagError(
    'STORE_UNUSABLE',
    `The cache ${path} can't be used: ${reasonOf(error)}. Nothing was changed.`,
    {
      ...more,
      hint: 'Deleting cache.db loses nothing but time. RAG_CACHE_DIR puts it elsewhere.',
    },
  )
}
