import {
  badDtype,
  modelFolderMissing,
  modelNotHere,
  modelUnusable,
} from '../../model/errors/model/model-folder.js'
import type {RagError} from '../../model/errors/rag-error.js'
import type {ModelSpec} from '../../model/embedding.js'
import {
  isModelPath,
  MODEL_DTYPES,
  type ModelDtype,
  type ModelFolder,
  type ModelWeights,
} from '../../model/model-folder.js'
import type {ModelLibrary, PullOptions} from '../../ports/model-library.js'

/** A model on this machine and the precision it is used in. */
export interface ChosenModel {
  readonly folder: ModelFolder
  readonly weights: ModelWeights
}

/**
 * The model that a name means, fetched if it may be. A path is never fetched, and nothing is added to a folder that someone else made.
 * @throws RagError USAGE for no such precision | MODEL_MISSING | MODEL_UNUSABLE | what `ModelLibrary.pull` throws
 */
export async function chooseWeights(
  library: ModelLibrary,
  {model, dtype}: ModelSpec,
  {mayFetch, ...call}: {readonly mayFetch: boolean} & Pick<PullOptions, 'signal' | 'onProgress'>,
): Promise<ChosenModel> {
  const precision = knownDtype(dtype)
  const here = await library.find(model)
  const weights = here && weightsOf(here, precision)
  if (here && weights) return {folder: here, weights}
  const fault = faultOf(model, here, precision)
  if (fault) throw fault
  if (!mayFetch) throw modelNotHere(model, library.dir)
  const wanted = precision ? {...call, dtype: precision} : call
  const folder = await library.pull(here?.pulled?.repository ?? model, wanted)
  return {folder, weights: weightsOf(folder, precision) ?? folder.weights[0]!}
}

/** What no pull would mend. */
function faultOf(
  model: string,
  here: ModelFolder | undefined,
  precision: ModelDtype | undefined,
): RagError | undefined {
  if (here && !here.pulled)
    return modelUnusable(model, `${here.path} has no weights of precision ${String(precision)}`)
  return isModelPath(model) ? modelFolderMissing(model) : undefined
}

/** Without a word on precision the most exact that is there. */
const weightsOf = ({weights}: ModelFolder, dtype: ModelDtype | undefined): ModelWeights | undefined =>
  dtype === undefined ? weights[0] : weights.find((one) => one.dtype === dtype)

function knownDtype(dtype: string | undefined): ModelDtype | undefined {
  if (dtype === undefined) return undefined
  const known = MODEL_DTYPES.find((one) => one === dtype)
  if (known) return known
  throw badDtype(MODEL_DTYPES, dtype)
}
