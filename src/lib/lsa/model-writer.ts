import {open, rm} from 'node:fs/promises'
import {RagError} from '../model/errors.js'
import {modelNotWritten} from './errors.js'
import type {DenseMatrix} from './matrices.js'
import {encodeHead, encodeRows} from './model-file.js'
import type {Vocabulary} from './vocabulary.js'

const ROWS_A_WRITE = 2048

/**
 * Writes a model file; not yet durable. `directions` has a row a term of the vocabulary. A file that could not be
 * finished is removed.
 * @throws RagError DISK_FULL | STORE_UNUSABLE
 */
export async function writeModel(
  path: string,
  analyser: string,
  vocabulary: Vocabulary,
  directions: DenseMatrix,
): Promise<void> {
  const {terms, idf, inputs} = vocabulary
  const dimension = directions.columns
  try {
    const file = await open(path, 'w')
    try {
      await file.writeFile(encodeHead({dimension, inputs, analyser, terms}))
      for (let from = 0; from < terms.length; from += ROWS_A_WRITE) {
        const range = {from, to: Math.min(terms.length, from + ROWS_A_WRITE)}
        await file.writeFile(encodeRows(directions.values, idf, dimension, range))
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(path, {force: true}).catch(() => undefined)
    throw error instanceof RagError ? error : modelNotWritten(path, error)
  }
}
