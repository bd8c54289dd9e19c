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

/** The file is locked by a password or a licence. */
export const isEncrypted = (name: string, kind: string): RagError =>
  new RagError('NOT_TEXT', `${shorten(name)} can't be read: this ${kind} is encrypted.`, {
    hint: 'Save a copy without a password, or leave the file out with --exclude.',
  })

/** The format was read, and there is no text in it: `why` says what there is. */
export const holdsNoText = (name: string, why: string): RagError =>
  new RagError('NOT_TEXT', `${shorten(name)} holds no text: ${why}.`, {
    hint: 'Add a text layer (for scanned pages: ocrmypdf IN.pdf OUT.pdf), or leave the file out with --exclude.',
  })

/** What a file unpacks to is out of proportion: `why` names the part and its size. */
export const unpacksTooLarge = (name: string, why: string): RagError =>
  new RagError('TOO_LARGE', `${shorten(name)} was not read: ${why}. The other files are not affected.`, {
    hint: 'A file that people wrote is not packed like this: leave it out with --exclude, or save it anew by its program.',
  })

/** Reading one file took more than it may: `what` says of what. */
export const costsTooMuch = (name: string, what: string): RagError =>
  new RagError(
    'TOO_LARGE',
    `${shorten(name)} was given up: reading it took over ${what}. The other files are not affected.`,
    {
      hint: 'Split the file, or leave it out with --exclude.',
    },
  )

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
