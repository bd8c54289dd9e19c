import type {ErrorCode} from '../error-table.js'
import {COMMITTED_IS_SAFE} from '../phrases.js'
import {RagError, shorten} from '../rag-error.js'

/** Worker threads: what becomes of errors on their way, and of threads that end. */

/** An error of this program as it crosses to another thread. */
export interface CarriedError {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** The error that was thrown in another thread, in its own words. */
export const ragErrorOf = ({code, message, hint, cause}: CarriedError): RagError =>
  new RagError(code, message, {hint, cause})

/** Whatever else was thrown in another thread. */
export const unforeseen = (error: Error): RagError => new RagError('INTERNAL', error.message, {cause: error})

/** A worker thread ended while its work was wanted. */
export const threadEnded = (what: string, why: string, cause?: unknown): RagError =>
  new RagError('INTERNAL', `${what} stopped: ${why}. ${COMMITTED_IS_SAFE}`, {
    hint: 'Run the same command again; it goes on where it stopped. RAG_MAX_WORKERS=1 does without the thread.',
    cause,
  })

/** The thread that reads documents ended while it read this one. */
export const readerEnded = (name: string, why: string, cause?: unknown): RagError =>
  new RagError('BAD_INPUT', `${shorten(name)} can't be read: its reader stopped (${shorten(why, 300)}).`, {
    hint: 'Leave the file out with --exclude, or save it anew by its program.',
    cause,
  })

export const otherAnalyserInThread = (found: string, wanted: string): RagError =>
  new RagError('INTERNAL', `The thread that reads batches analyses text by "${found}", not by "${wanted}".`)
