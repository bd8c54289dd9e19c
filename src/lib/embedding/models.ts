import {badDtype, shownModelMissing} from '../model/errors/model/model-folder.js'
import {RagError} from '../model/errors/rag-error.js'
import {
  isModelPath,
  MODEL_DTYPES,
  type BrokenModel,
  type ModelDtype,
  type ModelFolder,
} from '../model/model-folder.js'
import {waysOf} from '../model/model-family.js'
import type {
  ListedModel,
  ModelList,
  ModelReport,
  PulledModel,
  PullRequest,
} from '../model/operations/model-reports.js'
import {corpusName} from '../model/names.js'
import type {ModelLibrary} from '../ports/model-library.js'
import type {Services} from '../ports/services.js'
import {findCorpus} from '../corpus/find-corpus.js'
import type {CallOptions} from '../model/operations/call.js'

/** `Rag.listModels`. Needs no store. */
export async function listModels(services: Pick<Services, 'models' | 'store'>): Promise<ModelList> {
  const library = await services.models.library()
  const uses = await usesOf(services)
  const models = (await library.list()).map((model): ListedModel => ({
    ...model,
    corpora: uses.filter((use) => isNamed(use.model, model)).map(nameOf),
  }))
  return {...(library.dir === undefined ? {} : {dir: library.dir}), models}
}

/** `Rag.showModel`. @throws RagError MODEL_MISSING | MODEL_UNUSABLE */
export async function showModel(
  services: Pick<Services, 'models' | 'store'>,
  name: string,
): Promise<ModelReport> {
  const library = await services.models.library()
  const model = await library.find(name)
  if (!model) throw shownModelMissing(name, library.dir, isModelPath(name))
  const {pooling, normalize, queryPrefix, passagePrefix} = waysOf(
    {model: name, pooling: model.pooling},
    model.name,
  )
  const damage = await library.damage(model)
  return {
    ...model,
    ways: {pooling, normalize, queryPrefix, passagePrefix},
    corpora: (await usesOf(services)).filter((use) => isNamed(use.model, model)).map(nameOf),
    ...(damage === undefined ? {} : {damage}),
  }
}

/** `Rag.pullModel`. @throws RagError USAGE | MODEL_MISSING | MODEL_UNUSABLE | STORE_READ_ONLY | DISK_FULL | INTERRUPTED */
export async function pullModel(
  services: Pick<Services, 'clock' | 'models'>,
  request: PullRequest,
  {signal, onProgress}: CallOptions,
): Promise<PulledModel> {
  const startedAt = services.clock.monotonic()
  const dtype = knownDtype(request.dtype)
  const library = await services.models.library()
  const here = await whole(() => library.find(request.name))
  const seconds = (): number => (services.clock.monotonic() - startedAt) / 1000
  if (here && !request.force && (await isAsAsked(library, here, {...request, dtype})))
    return {...here, fetched: false, seconds: seconds()}
  const model = await library.pull(here?.pulled?.repository ?? request.name, {
    dtype,
    revision: request.revision,
    signal,
    onProgress,
  })
  return {...model, fetched: true, seconds: seconds()}
}

function knownDtype(dtype = 'fp32'): ModelDtype {
  const known = MODEL_DTYPES.find((one) => one === dtype)
  if (known) return known
  throw badDtype(MODEL_DTYPES, dtype)
}

async function isAsAsked(
  library: ModelLibrary,
  here: ModelFolder,
  {dtype, revision}: {readonly dtype: ModelDtype; readonly revision?: string | undefined},
): Promise<boolean> {
  if (!here.weights.some((one) => one.dtype === dtype)) return false
  if (revision !== undefined && here.pulled?.revision !== revision) return false
  return ((await library.damage(here)) ?? []).length === 0
}

/** A damaged model is fetched anew. */
async function whole(find: () => Promise<ModelFolder | undefined>): Promise<ModelFolder | undefined> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof RagError && error.code === 'MODEL_UNUSABLE') return undefined
    throw error
  }
}

interface Use {
  readonly corpus: string
  readonly model: string
}

const nameOf = ({corpus}: Use): string => corpus

const isNamed = (asked: string, {name, path}: ModelFolder | BrokenModel): boolean =>
  asked === name || asked === path || name.endsWith(`/${asked}`)

async function usesOf(services: Pick<Services, 'store'>): Promise<readonly Use[]> {
  const {store} = await findCorpus(services, corpusName('default'))
  if (!store) return []
  const corpora = await store.listCorpora()
  return corpora.map(({name, settings}) => ({corpus: name, model: settings.model}))
}
