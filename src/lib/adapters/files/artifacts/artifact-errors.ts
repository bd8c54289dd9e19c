import {RagError, reasonOf, shorten} from '../../../model/errors.js'

/** The system's code of a failed file operation: `ENOSPC`, `ENOENT`, …; empty when it is not a system error. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

/** What a person calls this many bytes. */
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

export const diskFull = (path: string, freeBytes: number | undefined, cause?: unknown): RagError =>
  new RagError(
    'DISK_FULL',
    `There is no room left on the disk for ${path}${freeBytes === undefined ? '' : ` (${megabytes(freeBytes)} free)`}. What was stored before is safe.`,
    {hint: 'Make room and run the same command again.', cause},
  )

export const filesReadOnly = (path: string, cause: unknown): RagError =>
  new RagError(
    'STORE_READ_ONLY',
    `${path} may not be written: ${reasonOf(cause)}. What was stored before is safe.`,
    {
      hint: 'Check who owns the folder, and whether its disk is mounted read-only.',
      cause,
    },
  )

export const fileFailed = (doing: string, path: string, cause: unknown): RagError =>
  new RagError(
    'STORE_UNUSABLE',
    `Could not ${doing} ${path}: ${reasonOf(cause)}. What was stored before is safe.`,
    {cause},
  )

export const fileIncomplete = (path: string, why: string): RagError =>
  new RagError(
    'STORE_UNUSABLE',
    `The new file ${path} was not written as it should be: ${why}. What was stored before is safe.`,
  )

/** A name that the library itself made up wrongly. */
export const badArtifactName = (name: string): RagError =>
  new RagError('INTERNAL', `"${shorten(name)}" is not a name for a file of the store.`)

/** A name that came out of the store and leads elsewhere. */
export const strayArtifactName = (name: string): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `The store names the file "${shorten(name)}", which cannot be one of its own. It was not touched.`,
    {
      hint: 'Check the store with: rag verify',
    },
  )
