import * as Flags from '@oclif/core/flags'
import {resolve} from 'node:path'
import {isModelPath, MODEL_DTYPES, type ModelSpec} from '../../lib/index.js'
import {optional} from '../optional.js'

const KEPT = 'kept with the corpus; default: as its maker says'

/** How a model is used, where that differs from its family's way. */
export const modelFlags = {
  dtype: Flags.string({
    description: `precision of the weights of a model that runs here; kept with the corpus`,
    options: [...MODEL_DTYPES],
    helpValue: 'TYPE',
  }),
  pooling: Flags.option({
    description: `make one vector of those of the tokens by their mean, or take the first; ${KEPT}`,
    options: ['mean', 'cls'] as const,
    helpValue: 'mean|cls',
  })(),
  'query-prefix': Flags.string({
    description: `text that the model is given before each query; ${KEPT}`,
    helpValue: 'TEXT',
  }),
  'passage-prefix': Flags.string({
    description: `text that the model is given before each passage; ${KEPT}`,
    helpValue: 'TEXT',
  }),
}

interface ModelFlagValues {
  readonly dtype?: string | undefined
  readonly pooling?: 'mean' | 'cls' | undefined
  readonly 'query-prefix'?: string | undefined
  readonly 'passage-prefix'?: string | undefined
}

/** The ways of use that were asked for. */
export const modelWays = (flags: ModelFlagValues): Omit<Partial<ModelSpec>, 'model'> =>
  optional({
    dtype: flags.dtype,
    pooling: flags.pooling,
    queryPrefix: flags['query-prefix'],
    passagePrefix: flags['passage-prefix'],
  })

/** A model that is named by its path is found again from any folder. */
export const modelGiven = (name: string | undefined, cwd: string): string | undefined =>
  name !== undefined && isModelPath(name) ? resolve(cwd, name) : name
