import type {RagError} from '../rag-error.js'
import {usage} from '../usage.js'

/** Settings that a corpus can't be made with. */

export const chunkOverlapOutOfRange = (overlap: number, size: number): RagError =>
  usage(`--chunk-overlap (${overlap}) must be at least 0 and less than --chunk-size (${size}).`)

/** Ways of use were named for a model that is given no texts. */
export const modelTakesNoWays = (model: string): RagError =>
  usage(
    `--dtype, --pooling and prefixes are for models that are given texts; ${model} is none.`,
    'Leave them out, or name another model.',
  )
