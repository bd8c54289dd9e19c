import type {RagError} from '../rag-error.js'
import {usage} from '../usage.js'

/** Looking over a store. */

export const sampleOutOfRange = (sample: number): RagError =>
  usage(`The sample must be a share from 0 to 1, not ${sample}.`, 'Try: rag verify --sample 0.1')
