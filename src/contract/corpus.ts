import * as z from 'zod'
import {corpusName, waitSeconds} from './parts/request-parts.js'
import * as v from './parts/values.js'

export const corpusListRequest = z.strictObject({})
export const corpusShowRequest = z.strictObject({corpus: corpusName})
export const corpusDeleteRequest = z.strictObject({corpus: v.corpus, wait: waitSeconds})

const FAMILY = "null: as the model's family is used"

export const corpusSettings = z.strictObject({
  model: v.text('the embedding model'),
  chunk_size: v.count('tokens a chunk'),
  chunk_overlap: v.count('tokens that a chunk repeats of the one before'),
  vector_weight: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('weight of vectors in hybrid search; null: as the model has it'),
  language: z.string().nullable().describe('language of all documents; null: detected'),
  dimension: v.count('width of vectors of a model that is learned here'),
  dtype: z.string().nullable().describe(`precision of the weights; ${FAMILY}`),
  pooling: z.enum(['mean', 'cls']).nullable().describe(`how vectors of tokens become one; ${FAMILY}`),
  query_prefix: z.string().nullable().describe(`text that the model is given before each query; ${FAMILY}`),
  passage_prefix: z
    .string()
    .nullable()
    .describe(`text that the model is given before each passage; ${FAMILY}`),
})

export const corpusShowResult = z
  .strictObject({
    corpus: v.corpus,
    tenant: v.text('its tenant; empty when it has none'),
    model: v.text('the embedding model in use'),
    embedding_version: v.count('number of the live embedding version, 0 for none'),
    dimension: v.count('width of its vectors'),
    documents: v.count('live documents'),
    chunks: v.count('live chunks'),
    vectors: v.count('chunks with a vector'),
    pending: v.count('chunks without one'),
    dummy: v.count('chunks with a placeholder of zeros'),
    segments: v.count('index files'),
    tail: v.count('vectors in no index file yet; they are searched exactly'),
    version: v.corpusVersion,
    fingerprint: v.text('hash over ids and content of the live documents'),
    bytes: v.count('size of index and model files'),
    created_at: v.moment('when it was made'),
    updated_at: v.moment('when it was last written'),
    languages: z.record(z.string(), z.int().min(0)).describe('documents by language'),
    settings: corpusSettings.describe('what it was built with'),
    writer: z.string().nullable().describe('who is writing it now, or null'),
    kept_version: z
      .int()
      .min(1)
      .nullable()
      .describe('earlier embedding version to which `rag rebuild --rollback` goes back, or null'),
  })
  .meta({id: 'Corpus'})

export const corpusListResult = z.strictObject({
  corpora: z.array(corpusShowResult).describe('as `rag corpus show` prints each'),
})

export const corpusDeleteResult = z.strictObject({
  corpus: v.corpus,
  deleted: z.literal(true).describe('always true'),
  documents: v.count('documents that went'),
  chunks: v.count('chunks that went'),
  bytes_freed: v.count('size of the files that went'),
})

export type CorpusShowResult = v.Data<typeof corpusShowResult>
export type CorpusListResult = v.Data<typeof corpusListResult>
export type CorpusDeleteResult = v.Data<typeof corpusDeleteResult>
