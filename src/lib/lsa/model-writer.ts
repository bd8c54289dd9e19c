import {learnedModelNotWritten} from '../model/errors/model/learned-model.js'
import {RagError} from '../model/errors/rag-error.js'
import type {RandomAccessFiles} from '../ports/files/random-access-files.js'
import type {DenseMatrix} from './matrices.js'
import {encodeHead, encodeRows} from './model-file.js'
import type {Vocabulary} from './vocabulary.js'

const ROWS_A_WRITE = 2048

/** A fitted model, and where it is to be written. */
export interface ModelToWrite {
  readonly path: string
  /** Fingerprint of the analyser that made the terms. */
  readonly analyser: string
  readonly vocabulary: Vocabulary
  /** A row a term of the vocabulary. */
  readonly directions: DenseMatrix
}

/**
 * Writes a model file; not yet durable. A file that could not be finished is removed.
 * @throws RagError DISK_FULL | STORE_UNUSABLE
 */
export async function writeModel(
  files: RandomAccessFiles,
  {path, analyser, vocabulary, directions}: ModelToWrite,
): Promise<void> {
  const {terms, idf, inputs} = vocabulary
  const dimension = directions.columns
  try {
    const file = await files.create(path)
    try {
      await file.write(encodeHead({dimension, inputs, analyser, terms}))
      for (let from = 0; from < terms.length; from += ROWS_A_WRITE) {
        const range = {from, to: Math.min(terms.length, from + ROWS_A_WRITE)}
        await file.write(encodeRows(directions.values, idf, dimension, range))
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    await files.unlink(path).catch(() => undefined)
    throw error instanceof RagError ? error : learnedModelNotWritten(path, error)
  }
}
