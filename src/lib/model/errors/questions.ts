import {ERROR_TABLE, type ErrorTraits, type Subject} from './error-table.js'
import {RagError} from './rag-error.js'

/** An error of this program after which the same request is worth trying again. */
export function isTransient(error: unknown): error is RagError {
  return error instanceof RagError && ERROR_TABLE[error.code].transient
}

/** An error of this program that is put down to `subject`, or spoils it. */
export function isAbout(error: unknown, subject: Subject): error is RagError {
  if (!(error instanceof RagError)) return false
  const {about}: ErrorTraits = ERROR_TABLE[error.code]
  return about.includes(subject)
}
