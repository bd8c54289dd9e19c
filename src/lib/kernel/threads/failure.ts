import type {ErrorCode} from '../../model/errors/error-table.js'
import {RagError, reasonOf} from '../../model/errors/rag-error.js'
import {ragErrorOf, unforeseen} from '../../model/errors/program/thread.js'

/** An error on its way between threads: the structured clone of an error loses its class, and may fail. */
export interface Failure {
  readonly name: string
  readonly message: string
  /** Of a `RagError`, or of the operating system (`ENOENT`). */
  readonly code?: string | undefined
  readonly hint?: string | undefined
  readonly stack?: string | undefined
  readonly cause?: Failure | undefined
}

/** Causes of causes that are kept. */
const MOST_CAUSES = 5

export function failureOf(error: unknown, causes = MOST_CAUSES): Failure {
  const {name, code, stack, cause} = error instanceof Error ? (error as NodeJS.ErrnoException) : plain(error)
  return {
    name,
    message: reasonOf(error),
    ...(code === undefined ? {} : {code: String(code)}),
    ...(error instanceof RagError && error.hint !== undefined ? {hint: error.hint} : {}),
    ...(stack === undefined ? {} : {stack}),
    ...(cause === undefined || causes === 0 ? {} : {cause: failureOf(cause, causes - 1)}),
  }
}

/**
 * The error that a call to a thread rejects with. A `RagError` keeps its code, hint and cause; any other becomes the cause of one with the code
 * INTERNAL and the same message, and keeps its own code.
 */
export function errorOf(failure: Failure): RagError {
  const error = revived(failure)
  return error instanceof RagError ? error : unforeseen(error)
}

function revived({name, message, code, hint, stack, cause}: Failure): Error {
  const more = {
    ...(hint === undefined ? {} : {hint}),
    ...(cause === undefined ? {} : {cause: revived(cause)}),
  }
  const error =
    name === 'RagError' && code !== undefined
      ? ragErrorOf({...more, code: code as ErrorCode, message})
      : Object.assign(new Error(message, more), {name}, code === undefined ? {} : {code})
  if (stack !== undefined) error.stack = stack
  return error
}

const plain = (error: unknown): Pick<NodeJS.ErrnoException, 'name' | 'code' | 'stack' | 'cause'> => ({
  name: typeof error,
})
