import type {ModelSpec} from './embedding.js'

/** What a family of models was trained to be given and to give. */
export interface ModelFamily {
  readonly queryPrefix: string
  readonly passagePrefix: string
  readonly pooling: 'mean' | 'cls'
  readonly normalize: boolean
}

const PLAIN: ModelFamily = {queryPrefix: '', passagePrefix: '', pooling: 'mean', normalize: true}

/** By their makers' model cards; the first that fits the name counts. */
const FAMILIES: readonly (readonly [RegExp, Partial<ModelFamily>])[] = [
  [/(^|[/_-])(multilingual-)?e5[-_]/i, {queryPrefix: 'query: ', passagePrefix: 'passage: '}],
  [/nomic-embed/i, {queryPrefix: 'search_query: ', passagePrefix: 'search_document: '}],
  [/bge-m3/i, {pooling: 'cls'}],
  [/bge-.*-zh/i, {queryPrefix: '为这个句子生成表示以用于检索相关文章：', pooling: 'cls'}],
  [/bge-/i, {queryPrefix: 'Represent this sentence for searching relevant passages: ', pooling: 'cls'}],
  [
    /mxbai-embed|snowflake-arctic-embed|(^|[/_-])arctic-embed/i,
    {queryPrefix: 'Represent this sentence for searching relevant passages: ', pooling: 'cls'},
  ],
  [/(^|[/_-])gte-/i, {}],
]

/** How a model is used: as its family is, by its name or a better one, but for what is said otherwise. */
export function waysOf(
  {model, queryPrefix, passagePrefix, pooling, normalize}: ModelSpec,
  name = model,
): ModelFamily {
  const family = {...PLAIN, ...FAMILIES.find(([pattern]) => pattern.test(name))?.[1]}
  return {
    queryPrefix: queryPrefix ?? family.queryPrefix,
    passagePrefix: passagePrefix ?? family.passagePrefix,
    pooling: pooling ?? family.pooling,
    normalize: normalize ?? family.normalize,
  }
}
