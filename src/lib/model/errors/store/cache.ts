import {TRY_AFTER_OTHER} from '../phrases.js'
import {RagError} from '../rag-error.js'

/** The caches: what kept one from doing what a person asked of it. */

export const cacheLocked = (path: string, cause: unknown): RagError =>
  new RagError(
    'STORE_BUSY',
    `The cache ${path} is locked by another process for too long. Nothing was changed.`,
    {cause, hint: TRY_AFTER_OTHER},
  )

export const cacheReadOnly = (path: string, systemCode: string, cause: unknown): RagError =>
  new RagError(
    'STORE_READ_ONLY',
    `The cache ${path} can't be written (${systemCode}). Nothing was changed.`,
    {cause},
  )

export const cacheFull = (path: string, cause: unknown): RagError =>
  new RagError('DISK_FULL', `No space is left for the cache ${path}. Nothing was changed.`, {
    cause,
    hint: 'Deleting cache.db loses nothing but time.',
  })

export const cacheUnusable = (path: string, why: string, cause: unknown): RagError =>
  new RagError('STORE_UNUSABLE', `The cache ${path} can't be used: ${why}. Nothing was changed.`, {
    cause,
    hint: 'Deleting cache.db loses nothing but time. RAG_CACHE_DIR puts it elsewhere.',
  })
