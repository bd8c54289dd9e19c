import * as z from 'zod'
import {modelDtype} from './parts/enumerations.js'
import {yes} from './parts/request-parts.js'
import * as v from './parts/values.js'

export const modelListRequest = z.strictObject({})
export const modelShowRequest = z.strictObject({name: v.text('owner/name, name, or path of a folder')})
export const modelPullRequest = z.strictObject({
  name: v.text('owner/name; a bare name means that of Xenova'),
  dtype: modelDtype.optional().meta({description: 'precision of the weights', default: 'fp32'}),
  revision: z.string().optional().meta({description: 'branch, tag or commit', default: 'main'}),
  force: yes('fetch it anew, also when it is here'),
})

const name = v.text('owner/name, or its path')
const path = v.text('its folder')
const bytes = v.count('size of all its files')
const corpora = v.texts('corpora that are embedded by it')

/** What is known of a model that can be used. */
export const modelFacts = z.strictObject({
  model: name,
  path,
  architecture: v.text('class of the network by its maker'),
  dimension: v.count('width of its vectors'),
  max_tokens: v.count('most tokens of a text; what is over it is cut off'),
  weights: z
    .array(
      z.strictObject({
        dtype: v.text('precision'),
        files: v.texts('files below the folder'),
        bytes: v.count('their size'),
      }),
    )
    .describe('by precision, the most exact first'),
  bytes,
  pulled: z
    .strictObject({
      repository: v.text('owner/name at the hub'),
      revision: v.text('its commit'),
      at: v.text('when, as ISO 8601'),
    })
    .nullable()
    .describe('what of a hub it is; null for a model that was put there by hand'),
})

export const usableModel = z
  .strictObject({
    ...modelFacts.shape,
    problem: z.null().describe('always null'),
    corpora,
  })
  .meta({id: 'Model'})

export const brokenModel = z
  .strictObject({
    model: name,
    path,
    bytes,
    problem: v.text("why it can't be used"),
    corpora,
  })
  .meta({id: 'BrokenModel'})

export const modelListResult = z.strictObject({
  model_dir: z.string().nullable().describe('folder of the models; null when there is none'),
  models: z.array(z.union([usableModel, brokenModel])).describe('models on this machine'),
})

export const modelShowResult = z.strictObject({
  ...modelFacts.shape,
  pooling: z.enum(['mean', 'cls']).describe('how vectors of tokens become one'),
  normalize: v.flag('vectors are brought to length 1'),
  query_prefix: v.text('text that it is given before each query'),
  passage_prefix: v.text('text that it is given before each passage'),
  corpora,
  damage: z
    .array(z.string())
    .nullable()
    .describe(
      'files that are not as they came, with what is wrong (exit 5); null for a model that was not pulled',
    ),
})

export const modelPullResult = z.strictObject({
  ...modelFacts.shape,
  fetched: v.flag('false when it was here already'),
  seconds: v.duration('how long it took'),
})

export type ModelFacts = v.Data<typeof modelFacts>
export type ListedModelData = v.Data<typeof usableModel> | v.Data<typeof brokenModel>
export type ModelListResult = v.Data<typeof modelListResult>
export type ModelShowResult = v.Data<typeof modelShowResult>
export type ModelPullResult = v.Data<typeof modelPullResult>
