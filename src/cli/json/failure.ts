import type {RagError} from '../../lib/index.js'

/** The `error` member of a report that tells what was done before it went wrong; the same as of a command that only failed. */
export function failureJson({code, message, hint}: RagError): {
  readonly error: {readonly code: string; readonly message: string; readonly hint: string | null}
} {
  return {error: {code, message, hint: hint ?? null}}
}
