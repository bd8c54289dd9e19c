import type {
  ListedModelData,
  ModelFacts,
  ModelListResult,
  ModelPullResult,
  ModelShowResult,
} from '../../contract/index.js'
import type {ListedModel, ModelList, ModelReport, PulledModel} from '../../lib/index.js'

/** `rag models list --json`. */
export function modelListJson({dir, models}: ModelList): ModelListResult {
  return {model_dir: dir ?? null, models: models.map(listedJson)}
}

/** `rag models show --json`. */
export function modelReportJson(report: ModelReport): ModelShowResult {
  const {ways, corpora, damage} = report
  return {
    ...factsJson(report),
    pooling: ways.pooling,
    normalize: ways.normalize,
    query_prefix: ways.queryPrefix,
    passage_prefix: ways.passagePrefix,
    corpora,
    damage: damage ?? null,
  }
}

/** `rag models pull --json`. */
export function pulledModelJson(model: PulledModel): ModelPullResult {
  return {...factsJson(model), fetched: model.fetched, seconds: Math.round(model.seconds * 1000) / 1000}
}

function listedJson(model: ListedModel): ListedModelData {
  const {name, path, bytes, corpora} = model
  if ('problem' in model) return {model: name, path, bytes, problem: model.problem, corpora}
  return {...factsJson(model), problem: null, corpora}
}

function factsJson(model: Exclude<ListedModel, {problem: string}> | ModelReport | PulledModel): ModelFacts {
  return {
    model: model.name,
    path: model.path,
    architecture: model.architecture,
    dimension: model.dimension,
    max_tokens: model.maxTokens,
    weights: model.weights.map(({dtype, files, bytes}) => ({dtype, files, bytes})),
    bytes: model.bytes,
    pulled: model.pulled ?? null,
  }
}
