import {inputMissing, RagError, reasonOf, usage} from '../../../model/errors.js'
import {diskFull, systemCode} from '../artifacts/artifact-errors.js'

export const folderMissing = (path: string): RagError =>
  inputMissing(path.slice(0, path.lastIndexOf('/')) || '/', `folder to write ${path} into`)

export const leadsNowhere = (path: string): RagError =>
  usage(`${path} is a link that leads nowhere. Nothing was written.`, 'Name a file, or remove the link.')

export const notARegularFile = (path: string, what: string): RagError =>
  usage(`${path} is ${what}. Nothing was written.`, 'Name a file, or print the examples with --out -')

export const alreadyThere = (path: string): RagError =>
  usage(
    `${path} is there already and holds something else than examples. Nothing was written.`,
    'Name another file, or replace it with --force.',
  )

export const sameFileTwice = (path: string): RagError =>
  usage(`Both files are ${path}. Nothing was written.`, 'Name two files: --out FILE --msgpack-out OTHER')

/** For anything that the system refuses while files of examples are written. An error of this program is kept. */
export function notWritten(path: string, error: unknown): RagError {
  if (error instanceof RagError) return error
  if (systemCode(error) === 'ENOSPC' || systemCode(error) === 'EDQUOT')
    return diskFull(path, undefined, error)
  return new RagError(
    'STORE_UNUSABLE',
    `${path} could not be written: ${reasonOf(error)}. No file of examples was changed.`,
    {hint: 'Name a file in a folder that may be written: --out FILE', cause: error},
  )
}
