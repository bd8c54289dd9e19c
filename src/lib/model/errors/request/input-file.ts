import {RagError, reasonOf} from '../rag-error.js'

/** Files that the command line reads for a flag, and what it writes. */

export const fileMissing = (path: string): RagError =>
  new RagError('INPUT_MISSING', `No such file: ${path}. Nothing was changed.`)

/** A number as the command line shows it: `12,345`. */
const showCount = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')

export const fileUnreadable = (path: string, why: string): RagError =>
  new RagError('INPUT_UNREADABLE', `${path} could not be read: ${why}. Nothing was changed.`)

export const notUtf8 = (label: string): RagError =>
  new RagError('NOT_TEXT', `${label} is not UTF-8 text. Nothing was changed.`, {
    hint: 'Files in other encodings are read by: rag ingest FILE',
  })

export const inputTooLarge = (label: string, limitBytes: number): RagError =>
  new RagError(
    'TOO_LARGE',
    `${label} holds more than ${showCount(limitBytes)} ${limitBytes === 1 ? 'byte' : 'bytes'}, the most that is taken at once.`,
  )

export const metricsNotWritten = (path: string, cause: unknown): RagError =>
  new RagError(
    'STORE_UNUSABLE',
    `The figures could not be written to ${path}: ${reasonOf(cause)}. What the command did is done.`,
    {hint: 'Name a file in a folder that may be written: --metrics FILE'},
  )
