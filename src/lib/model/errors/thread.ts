import type {ErrorCode} from './error-table.js'
import {RagError, shorten} from './rag-error.js'

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
  new RagError(code, message, {...(hint === undefined ? {} : {hint}), cause})

/** Whatever else was thrown in another thread. */
export const unforeseen = (error: Error): RagError => new RagError('INTERNAL', error.message, {cause: error})

/** A worker thread ended while its work was wanted. */
export const threadEnded = (what: string, why: string, cause?: unknown): RagError =>
  new RagError('INTERNAL', `${what} stopped: ${why}. What was committed before is safe.`, {
    hint: 'Run the same command again; it goes on where it stopped. RAG_MAX_WORKERS=1 does without the thread.',
    cause,
  })

export const otherAnalyserInThread = (found: string, wanted: string): RagError =>
  new RagError('INTERNAL', `The thread that reads batches analyses text by "${found}", not by "${wanted}".`)

/** What was stopped by a signal, and what is safe. */

const interrupted = (what: string): RagError =>
  new RagError('INTERRUPTED', `Interrupted: ${what}`, {
    hint: 'Run the same command again; it goes on where it stopped.',
  })

export const restoreInterrupted = (): RagError => interrupted('nothing was restored.')

export const backupInterrupted = (): RagError => interrupted('no backup was made.')

export const copyInterrupted = (): RagError => interrupted('the database was not copied.')

export const gatheringInterrupted = (folder: string): RagError =>
  interrupted(`no batch was written; ${folder} is as it was.`)

export const exportInterrupted = (folder: string): RagError =>
  interrupted(`the export was stopped; ${folder} is as it was.`)

export const readingInterrupted = (path: string): RagError =>
  interrupted(`the reading of ${shorten(path, 1000)} was stopped.`)

export const embeddingInterrupted = (): RagError => interrupted('embedding was stopped.')

export const learningInterrupted = (): RagError =>
  interrupted('the LSA model was asked to stop. What was committed before is safe.')

export const fetchInterrupted = (what: string): RagError => interrupted(`fetching ${what} was stopped.`)

export const requestInterrupted = (url: string): RagError => interrupted(`the request to ${url} was stopped.`)
