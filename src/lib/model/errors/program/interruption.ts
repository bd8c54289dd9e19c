import {COMMITTED_IS_SAFE, GO_ON} from '../phrases.js'
import {RagError, shorten} from '../rag-error.js'

/** What was stopped by a signal, and what is safe. */

const interrupted = (what: string, cause?: unknown): RagError =>
  new RagError('INTERRUPTED', `Interrupted: ${what}`, {hint: GO_ON, cause})

export const restoreInterrupted = (): RagError => interrupted('nothing was restored.')

export const backupInterrupted = (): RagError => interrupted('no backup was made.')

export const copyInterrupted = (): RagError => interrupted('the database was not copied.')

export const gatheringInterrupted = (folder: string): RagError =>
  interrupted(`no batch was written; ${folder} is as it was.`)

export const exportInterrupted = (folder: string): RagError =>
  interrupted(`the export was stopped; ${folder} is as it was.`)

export const scanInterrupted = (): RagError => interrupted('reading a batch was stopped.')

export const readingInterrupted = (path: string): RagError =>
  interrupted(`the reading of ${shorten(path, 1000)} was stopped.`)

export const embeddingInterrupted = (): RagError => interrupted('embedding was stopped.')

export const learningInterrupted = (): RagError =>
  interrupted(`the LSA model was asked to stop. ${COMMITTED_IS_SAFE}`)

export const fetchInterrupted = (what: string): RagError => interrupted(`fetching ${what} was stopped.`)

/** `failure`: what the last try came to. */
export const requestInterrupted = (url: string, failure?: unknown): RagError =>
  interrupted(`the request to ${url} was stopped.`, failure)
