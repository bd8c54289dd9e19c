import {MAKE_ROOM, STORED_IS_SAFE} from '../phrases.js'
import {RagError, reasonOf, shorten} from '../rag-error.js'

/** Files that are written: those of the store, exports, archives. */

/** What a person calls this many bytes. */
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

export const diskFull = (path: string, freeBytes: number | undefined, cause?: unknown): RagError =>
  new RagError(
    'DISK_FULL',
    `There is no room left on the disk for ${path}${freeBytes === undefined ? '' : ` (${megabytes(freeBytes)} free)`}. ${STORED_IS_SAFE}`,
    {hint: MAKE_ROOM, cause},
  )

export const filesReadOnly = (path: string, cause: unknown): RagError =>
  new RagError('STORE_READ_ONLY', `${path} may not be written: ${reasonOf(cause)}. ${STORED_IS_SAFE}`, {
    hint: 'Check who owns the folder, and whether its disk is mounted read-only.',
    cause,
  })

/** `doing` is a verb: "read", "set aside". */
export const fileFailed = (doing: string, path: string, cause: unknown): RagError =>
  new RagError('STORE_UNUSABLE', `Could not ${doing} ${path}: ${reasonOf(cause)}. ${STORED_IS_SAFE}`, {cause})

export const fileIncomplete = (path: string, why: string): RagError =>
  new RagError(
    'STORE_UNUSABLE',
    `The new file ${path} was not written as it should be: ${why}. ${STORED_IS_SAFE}`,
  )

/** A name that came out of the store and leads elsewhere. */
export const strayArtifactName = (name: string): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `The store names the file "${shorten(name)}", which cannot be one of its own. It was not touched.`,
    {hint: 'Check the store with: rag verify'},
  )

/** Why the system did not move a file. */
export interface Refusal {
  readonly why: string
  readonly isFull: boolean
  readonly cause: unknown
}

export const archiveUnusable = (folder: string, {why, isFull, cause}: Refusal): RagError =>
  new RagError(
    isFull ? 'DISK_FULL' : 'STORE_UNUSABLE',
    `Nothing can be moved to the folder ${folder} (${why}). Nothing was changed.`,
    {hint: 'Name another folder: --archive DIR', cause},
  )

export const notArchived = (path: string, folder: string, {why, isFull, cause}: Refusal): RagError =>
  new RagError(
    isFull ? 'DISK_FULL' : 'STORE_UNUSABLE',
    `${path} could not be moved to ${folder} (${why}). It was loaded, and is where it was.`,
    {cause},
  )
