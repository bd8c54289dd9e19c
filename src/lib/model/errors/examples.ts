import {inputMissing} from './input.js'
import {RagError} from './rag-error.js'

/** Files of training examples. */

const refused = (message: string, hint: string): RagError =>
  new RagError('USAGE', `${message}. Nothing was written.`, {hint})

export const examplesFolderMissing = (folder: string, path: string): RagError =>
  inputMissing(folder, `folder to write ${path} into`)

export const leadsNowhere = (path: string): RagError =>
  refused(`${path} is a link that leads nowhere`, 'Name a file, or remove the link.')

/** `what` it is: "a folder". */
export const notARegularFile = (path: string, what: string): RagError =>
  refused(`${path} is ${what}`, 'Name a file, or print the examples with --out -')

export const noExamplesFile = (path: string): RagError =>
  refused(
    `${path} is there already and holds something else than examples`,
    'Name another file, or replace it with --force.',
  )

export const sameFileTwice = (path: string): RagError =>
  refused(`Both files are ${path}`, 'Name two files: --out FILE --msgpack-out OTHER')

export const examplesNotWritten = (path: string, why: string, cause: unknown): RagError =>
  new RagError('STORE_UNUSABLE', `${path} could not be written: ${why}. No file of examples was changed.`, {
    hint: 'Name a file in a folder that may be written: --out FILE',
    cause,
  })
