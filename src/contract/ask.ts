import * as z from 'zod'
import {cacheUse} from './parts/cache-use.js'
import {intent} from './parts/enumerations.js'
import {
  cache,
  chatModel,
  corpusName,
  embedTimeout,
  filters,
  mode,
  timeoutSeconds,
} from './parts/request-parts.js'
import {place} from './parts/place.js'
import * as v from './parts/values.js'

export const askRequest = z.strictObject({
  question: v.text('what to answer'),
  corpus: corpusName,
  chat_model: chatModel,
  conversation: v.text('goes on with this conversation, or begins it').optional(),
  user: v.text('keep a profile of what this person asks about').optional(),
  profile_update: z
    .record(z.string(), z.string())
    .optional()
    .describe('facts to keep in the profile of `user`; an empty value removes one'),
  mode,
  top_k: z.int().min(1).max(100).optional().meta({description: 'chunks to look through', default: 12}),
  filters,
  budget_tokens: z
    .int()
    .min(16)
    .max(1_000_000)
    .optional()
    .meta({description: 'tokens of chunks to read at most', default: 2000}),
  max_tokens: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({description: 'tokens that a chat model may write', default: 512}),
  embed_timeout: embedTimeout,
  timeout: timeoutSeconds.meta({description: 'seconds after which a chat model is given up', default: 120}),
  cache,
})

export const citation = z.strictObject({
  n: v.ordinal('number in the answer: `[1]`'),
  doc_id: v.text('id of the document'),
  chunk_id: v.text('id of the chunk'),
  title: v.text('title of the document'),
  heading: v.heading,
  lines: v.lines,
  place: place.nullable().describe('where it stands in its source; null when that cannot be said'),
})

export const askResult = z.strictObject({
  query: v.text('the question as it was asked'),
  standalone_query: v.text('as it was searched for: a follow-up with what the conversation adds to it'),
  corpus: v.corpus,
  answer: v.text('the answer, with citations `[n]`'),
  found: v.flag('false when the documents do not answer; `answer` then says so, and the exit code is 0'),
  intent: intent.describe('what the question asks for'),
  language: v.text('language of the question'),
  citations: z.array(citation).describe('what the answer cites'),
  model: v.text('the chat model, or `extractive`'),
  extractive: v.flag('the answer is made of sentences of the documents, by no model'),
  complete: v.flag('false when a chat model stopped at `--max-tokens`'),
  usage: z
    .strictObject({
      input_tokens: v.count('tokens that the model read'),
      output_tokens: v.count('tokens that it wrote'),
    })
    .nullable()
    .describe('of a chat model that says it, else null'),
  cache: cacheUse,
  conversation: z
    .strictObject({
      id: v.text('id of the conversation'),
      turn: v.ordinal('number of the question in it'),
      kept: v.flag("false when the store can't be written; `notes` says why"),
    })
    .nullable()
    .describe('null when none was asked for'),
  user: z.string().nullable().describe('whose profile learned from the question, or null'),
  corpus_version: v.corpusVersion,
  degraded: v.flag('a part of the index could not be used, or one side could not answer'),
  notes: v.notes,
  took_ms: v.duration('how long it took'),
})

export type CitationData = v.Data<typeof citation>
export type AskResult = v.Data<typeof askResult>
