/** The face of the folder errors/: the class, the codes, and questions to an error. Makers of single errors are taken from their files. */
export {ERROR_CODES, exitOf, type ErrorCode} from './errors/error-table.js'
export {isAbout, isTransient} from './errors/questions.js'
export {RagError, reasonOf, shorten} from './errors/rag-error.js'
