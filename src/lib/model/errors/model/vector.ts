import {RagError} from '../rag-error.js'

/** Vectors that are none, or do not go together. */

export const badVector = (why: string): RagError =>
  new RagError('BAD_VECTOR', `The embedding is not usable: ${why}.`)

export const numbersOfBlock = (vectors: number, numbers: number, dimension: number): string =>
  `A block of ${vectors} embeddings holds ${numbers} numbers instead of ${vectors} × ${dimension}.`

export const blockMismatch = (vectors: number, numbers: number, dimension: number): RagError =>
  new RagError('DIMENSION_MISMATCH', numbersOfBlock(vectors, numbers, dimension))

export const queryDimensionMismatch = (found: number, stored: number): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `The query's embedding has ${found} dimensions where the stored ones have ${stored}.`,
  )
