import {RagError} from './errors/rag-error.js'

export {corpusMissing, documentMissing, sessionMissing} from './errors/corpus.js'
export {ERROR_CODES, exitOf, type ErrorCode} from './errors/error-table.js'
export {inputMissing} from './errors/input.js'
export {isAbout, isTransient} from './errors/questions.js'
export {RagError, reasonOf, shorten} from './errors/rag-error.js'

export const usage = (message: string, hint?: string): RagError =>
  new RagError('USAGE', message, hint === undefined ? {} : {hint})

export const interrupted = (what: string): RagError =>
  new RagError('INTERRUPTED', `Interrupted: ${what}`, {
    hint: 'Run the same command again; it goes on where it stopped.',
  })
