import {RagError, shorten} from '../rag-error.js'

/** Files and folders that are to be taken in, and their text. */

export const inputMissing = (path: string, what = 'file or folder'): RagError =>
  new RagError('INPUT_MISSING', `No such ${what}: ${path}. Nothing was changed.`)

export const inputUnreadable = (path: string, why: string, cause?: unknown): RagError =>
  new RagError('INPUT_UNREADABLE', `${shorten(path, 1000)} can't be read: ${why}.`, {cause})

export const notAFile = (path: string, what: string): RagError =>
  new RagError('BAD_INPUT', `${shorten(path, 1000)} is ${what}, not a file.`, {
    hint:
      what === 'a folder'
        ? `Take in a folder with: rag ingest --dir ${shorten(path, 200)}`
        : 'Name a regular file.',
  })

export const fileTooLarge = (path: string, maxBytes: number): RagError =>
  new RagError('TOO_LARGE', `${shorten(path, 1000)} holds more than the ${maxBytes} bytes allowed.`, {
    hint: 'Raise the limit with --max-file-size, or leave the file out with --exclude.',
  })

/** The file holds no text that can be decoded: `why` says what was found. */
export const notText = (name: string, why: string): RagError =>
  new RagError('NOT_TEXT', `${shorten(name)} is not text: ${why}.`)

/** The file is text, but breaks the rules of its format: `why` names the line. */
export const notValid = (name: string, format: string, why: string, cause?: unknown): RagError =>
  new RagError('BAD_INPUT', `${shorten(name)} is not valid ${format}: ${shorten(why, 300)}.`, {cause})

export const unknownFileType = (type: string, known: readonly string[]): RagError =>
  new RagError('USAGE', `"${type}" is not a file type that rag reads.`, {
    hint: `Known types: ${known.join(', ')}; or any of their extensions.`,
  })

export const noReader = (path: string): RagError =>
  new RagError('NOT_TEXT', `${path} is of a type that rag does not read.`)

export const pruneRefused = (root: string): RagError =>
  new RagError('PRUNE_REFUSED', `${root} holds no file at all; is it mounted? Nothing was deleted.`, {
    hint: 'If the documents are to go: rag docs delete ID…, or rag corpus delete NAME.',
  })

/** Two files would be one document: `other` is whose the id is. */
export const idTaken = (docId: string, other: string): RagError =>
  new RagError(
    'ID_TAKEN',
    `The document id "${docId}" belongs to ${other}; use --id-prefix to tell the folders apart, or another corpus.`,
  )

/** Said in place of faults of one file beyond those that are named. */
export const furtherFaults = (count: number): string =>
  count === 1
    ? 'One more place of it could not be read as it stands.'
    : `${count} more places of it could not be read as they stand.`
