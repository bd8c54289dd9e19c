import type {ErrorResult} from '../../contract/index.js'
import type {RagError} from '../../lib/index.js'

/** The `error` member of a report that tells what was done before it went wrong; the same as of a command that only failed. */
export function failureJson({
  code,
  message,
  hint,
}: Pick<RagError, 'code' | 'message' | 'hint'>): ErrorResult['error'] {
  return {code, message, hint: hint ?? null}
}
