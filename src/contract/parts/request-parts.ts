import * as z from 'zod'
import {cacheMode, modelDtype, searchMode} from './enumerations.js'
import {flag, text, texts} from './values.js'

/** Members that the requests of several operations have. */

export const corpusName = z
  .string()
  .optional()
  .meta({description: 'the corpus, `name` or `tenant/name`', default: 'default'})

export const waitSeconds = z
  .number()
  .min(0)
  .max(86_400)
  .optional()
  .meta({description: 'wait up to so many seconds while another process writes; default: fail at once'})

/** One condition on a document; all conditions of a request must hold. */
export const filter = z.strictObject({
  field: text(
    '`doc_id`, `title`, `source`, `language`, or a key of the metadata; dots reach into nested maps',
  ),
  op: z.enum(['=', '!=', '<', '<=', '>', '>=']),
  value: text('compared as a number where both are one; for `doc_id` and `source` with `=` and `!=` a glob'),
})

export const filters = z.array(filter).optional().describe('only documents for which all conditions hold')

export const mode = searchMode
  .optional()
  .meta({description: 'sides to ask: words, meaning, or both fused', default: 'hybrid'})

export const cache = cacheMode
  .optional()
  .meta({description: '`use` caches; `refresh`: keep the result, use none; `off`: neither', default: 'use'})

const KEPT = 'kept with the corpus; default: as its maker says'

/** How a model is used, where that differs from the way of its family. */
export const modelWays = {
  dtype: modelDtype
    .optional()
    .describe('precision of the weights of a model that runs here; kept with the corpus'),
  pooling: z
    .enum(['mean', 'cls'])
    .optional()
    .describe(`one vector of those of the tokens: their mean, or the first; ${KEPT}`),
  query_prefix: text(`text that the model is given before each query; ${KEPT}`).optional(),
  passage_prefix: text(`text that the model is given before each passage; ${KEPT}`).optional(),
}

export const embeddingModel = z
  .string()
  .optional()
  .describe(
    'embedding model of a corpus made from now on: `lsa`, `external:NAME`, `openai:NAME`, a model folder, …',
  )

export const embedBatchSize = z
  .int()
  .min(1)
  .optional()
  .describe("texts given to the embedder at once; default: the embedder's own")

export const sleepSeconds = z
  .number()
  .min(0)
  .max(3600)
  .optional()
  .describe('wait so long after each call of the embedder')

export const chatModel = z
  .string()
  .optional()
  .describe('`openai:NAME`, `ollama:NAME` or `bedrock:MODEL`; `extractive`: no model; default: as configured')

export const timeoutSeconds = z.number().min(0.01).max(86_400).optional()

export const embedTimeout = z
  .number()
  .min(0.01)
  .max(3600)
  .optional()
  .describe("seconds to wait for the query's vector, then keyword search answers; default 2 for a service")

export const yes = (about: string): z.ZodOptional<z.ZodBoolean> => flag(about).optional()

export const list = (about: string): z.ZodOptional<z.ZodArray<z.ZodString>> => texts(about).optional()

export const dryRun = yes('change nothing, and tell what would be done')
