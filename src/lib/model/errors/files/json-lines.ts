import {RagError, shorten} from '../rag-error.js'

/** Lines of JSON, and the documents in them. Which line it is, the caller names. */

export const lineTooLong = (maxMebibytes: number): RagError =>
  new RagError('TOO_LARGE', `The line is longer than ${maxMebibytes} MiB.`)

export const lineNotUtf8 = (): RagError => new RagError('BAD_INPUT', 'The line is not UTF-8.')

export const badDocument = (why: string): RagError =>
  new RagError('BAD_INPUT', `The document can't be taken: ${why}.`)

/** `where` names a chunk; `why` is a sentence. */
export const badVectorOfChunk = (where: string, why: string): RagError =>
  new RagError('BAD_VECTOR', `The embedding of ${where} is not usable: ${why}`)

export const severalDimensions = (docId: string, dimensions: readonly number[]): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `The embeddings of document "${shorten(docId)}" have ${dimensions.join(' and ')} dimensions.`,
  )
