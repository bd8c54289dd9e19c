/** The face of the folder errors/: what most of the library needs of it. Makers of single errors are taken from their files. */
export {corpusMissing, documentMissing, sessionMissing} from './errors/corpus.js'
export {ERROR_CODES, exitOf, type ErrorCode} from './errors/error-table.js'
export {inputMissing} from './errors/input.js'
export {isAbout, isTransient} from './errors/questions.js'
export {RagError, reasonOf, shorten} from './errors/rag-error.js'
export {usage} from './errors/request.js'
