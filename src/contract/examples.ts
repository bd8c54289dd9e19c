import * as z from 'zod'
import type {ExampleKind} from '../lib/model/operations/examples.js'
import {chatModel, corpusName, filters, timeoutSeconds, yes} from './parts/request-parts.js'
import * as v from './parts/values.js'

export const examplesRequest = z.strictObject({
  corpus: corpusName,
  out: v.text('file of JSON Lines, an example a line; `-`: standard output'),
  msgpack_out: v.text('file of the same examples as a MessagePack batch').optional(),
  per_doc: z.int().min(1).max(1000).optional().meta({description: 'most examples a document', default: 5}),
  seed: z
    .int()
    .min(0)
    .optional()
    .meta({description: 'decides between examples that are equally good', default: 0}),
  filters,
  chat_model: chatModel,
  timeout: timeoutSeconds.meta({
    description: 'seconds after which a chat model is given up for a document',
    default: 120,
  }),
  force: yes('replace files that hold something else than examples'),
  dry_run: yes('write nothing and ask no model; tell what would be made'),
})

const kinds = {
  question: v.count('a heading that asks, and what stands under it'),
  definition: v.count('a definition'),
  section: v.count('a heading, and what stands under it'),
  list: v.count('a list under a heading'),
  entry: v.count('an entry of a table or of a list of terms'),
  figure: v.count('a sentence with figures'),
  sentence: v.count('a sentence about a name'),
  model: v.count('what a chat model wrote'),
} satisfies Record<ExampleKind, z.ZodType>

export const examplesResult = z.strictObject({
  corpus: v.corpus,
  corpus_version: v.corpusVersion,
  model: v.text('`extractive`, or the chat model'),
  seed: v.count('the seed'),
  per_doc: v.count('most examples a document'),
  dry_run: v.flag('nothing was written'),
  documents: v.count('documents that were read'),
  documents_used: v.count('of these, such as gave at least one example'),
  examples: v.count('examples that were made'),
  by_kind: z.strictObject(kinds).describe('examples by what they were made of'),
  duplicates: v.count('passed over: question or answer was there before'),
  beyond_limit: v.count('good ones beyond the limit of their document'),
  dropped: z
    .strictObject({
      unsupported: v.count('answers that their chunk does not support'),
      unfit: v.count('too short, too long, or about the chunk instead of its subject'),
      malformed: v.count('replies that are not the JSON that was asked for'),
    })
    .describe('what a chat model wrote and was not taken'),
  calls: v.count('how often the chat model was asked; with `dry_run`: would be'),
  files: z
    .array(
      z.strictObject({
        file: v.text('its absolute path'),
        format: z.enum(['jsonl', 'msgpack']).describe('how it is written'),
        records: v.count('examples in it'),
        size_bytes: v.count('its size'),
        sha256: v.hex('its checksum'),
      }),
    )
    .describe('JSON Lines first, then the batch'),
  seconds: v.duration('how long it took'),
})

export type ExamplesResult = v.Data<typeof examplesResult>
