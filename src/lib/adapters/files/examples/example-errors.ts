import {diskFull} from '../../../model/errors/files/written-file.js'
import {examplesNotWritten} from '../../../model/errors/files/examples.js'
import {RagError, reasonOf} from '../../../model/errors/rag-error.js'
import {systemCode} from '../system-errors.js'

/** For anything that the system refuses while files of examples are written. An error of this program is kept. */
export function notWritten(path: string, error: unknown): RagError {
  if (error instanceof RagError) return error
  if (systemCode(error) === 'ENOSPC' || systemCode(error) === 'EDQUOT')
    return diskFull(path, undefined, error)
  return examplesNotWritten(path, reasonOf(error), error)
}
