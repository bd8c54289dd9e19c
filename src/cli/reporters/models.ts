import type {ListedModel, ModelList, ModelReport, PulledModel} from '../../lib/index.js'
import {showBytes, showCount} from '../output/human.js'
import {bold, type Screen} from '../output/screen.js'
import {pairs, table} from './table.js'

const COLUMNS = [
  {title: 'MODEL', cut: true},
  {title: 'DIMENSION', right: true},
  {title: 'TOKENS', right: true},
  {title: 'PRECISION', cut: true},
  {title: 'SIZE', right: true},
  {title: 'CORPORA', cut: true},
]

/** The models on this machine, one a line; below them what is wrong with those that can't be used. */
export function renderModelList({dir, models}: ModelList, screen: Screen): string {
  const place = dir === undefined ? 'No folder of models is named (RAG_MODEL_DIR).\n' : `In ${dir}\n`
  if (models.length === 0)
    return `No model is here; the built-in lsa needs none. Fetch one with: rag models pull\n${place}`
  const problems = models.flatMap((model) => ('problem' in model ? [`- ${model.problem}\n`] : []))
  return `${table(COLUMNS, models.map(rowOf), screen)}\n${place}${problems.join('')}`
}

function rowOf(model: ListedModel): readonly string[] {
  const {name, bytes, corpora} = model
  const used = corpora.join(', ')
  if ('problem' in model) return [name, '-', '-', 'unusable', showBytes(bytes), used]
  const precisions = model.weights.map(({dtype}) => dtype).join(', ')
  return [name, showCount(model.dimension), showCount(model.maxTokens), precisions, showBytes(bytes), used]
}

/** One model. */
export function renderModel(model: ModelReport, screen: Screen): string {
  const {ways, damage, pulled} = model
  const weights = model.weights.map(({dtype, bytes}) => `${dtype} (${showBytes(bytes)})`)
  const facts = pairs([
    ['Folder', `${model.path}, ${showBytes(model.bytes)}`],
    [
      'Network',
      `${model.architecture}, ${showCount(model.dimension)} dimensions, at most ${showCount(model.maxTokens)} tokens`,
    ],
    ['Precision', weights.join(', ')],
    ['Pooling', `${ways.pooling}, ${ways.normalize ? 'normalised' : 'not normalised'}`],
    ['Query prefix', shown(ways.queryPrefix)],
    ['Passage prefix', shown(ways.passagePrefix)],
    ['Corpora', model.corpora.join(', ') || 'none'],
    ['Pulled', pulled ? `${pulled.repository} at ${pulled.revision}, ${pulled.at}` : 'no: put here by hand'],
    ['Files', damage === undefined ? 'nothing to hold them against' : damage.join('; ') || 'as they came'],
  ])
  const mend =
    damage && damage.length > 0 ? `\nFetch it anew with: rag models pull ${model.name} --force\n` : ''
  return `${bold(model.name, screen)}\n${facts}${mend}`
}

/** What a pull brought. */
export function renderPulled(model: PulledModel): string {
  const {name, path, bytes, fetched, dimension, seconds} = model
  const facts = `${name}: ${showCount(dimension)} dimensions, ${showBytes(bytes)}, in ${path}\n`
  return fetched ? `Fetched ${facts}${seconds.toFixed(1)} s\n` : `Here already: ${facts}`
}

const shown = (prefix: string): string => (prefix === '' ? 'none' : JSON.stringify(prefix))
