import * as z from 'zod'
import {cacheUse} from './parts/cache-use.js'
import {searchMode} from './parts/enumerations.js'
import {cache, corpusName, embedTimeout, filters, mode, yes} from './parts/request-parts.js'
import {place} from './parts/place.js'
import * as v from './parts/values.js'

const query = v.text('what to look for')

const options = {
  corpus: corpusName,
  mode,
  top_k: z.int().min(1).max(1000).optional().meta({description: 'hits to return', default: 10}),
  filters,
  min_score: z.number().min(-1000).max(1000).optional().describe('drop hits that score less'),
  weight: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("weight of the vector side; default: the corpus's own"),
  embed_timeout: embedTimeout,
  fusion: z.enum(['weighted', 'rrf']).optional().meta({
    description: 'how both sides are fused: weighted scores or reciprocal ranks',
    default: 'weighted',
  }),
  unit: z
    .enum(['chunk', 'document'])
    .optional()
    .meta({description: 'rank chunks, or documents by their best chunk', default: 'chunk'}),
  context: z
    .int()
    .min(0)
    .max(20)
    .optional()
    .meta({description: 'neighbouring chunks to add on either side of a hit', default: 0}),
  explain: yes('say how the hits were ranked'),
  cache,
}

export const searchRequest = z.strictObject({query, ...options})

/** Many queries in one call, each with the same options. */
export const queriesRequest = z.strictObject({
  queries: z.array(z.strictObject({query_id: v.text('comes back with the hits'), query})),
  ...options,
})

const sideScore = (side: string): z.ZodOptional<typeof sideMembers> =>
  sideMembers.optional().describe(`what the ${side} side says; absent when it did not look at the hit`)

const sideMembers = z.strictObject({
  score: z.number().describe("that side's score"),
  rank: v.ordinal('place among its own candidates; absent when it did not propose the hit').optional(),
})

export const hit = z
  .strictObject({
    rank: v.ordinal('place among the hits'),
    score: z.number().describe('what the hits are ordered by'),
    doc_id: v.text('id of the document'),
    chunk_id: v.text('id of the chunk: that of the document, `#c` and the place in it'),
    title: v.text('title of the document'),
    text: v.text('text of the chunk'),
    heading: v.heading,
    lines: v.lines,
    place: place.nullable().describe('where it stands in its source; null when that cannot be said'),
    metadata: v.metadata.describe("the document's, with the chunk's own laid over it"),
    scores: z
      .strictObject({keyword: sideScore('keyword'), vector: sideScore('vector')})
      .describe("each side's own view"),
    snippet: z
      .strictObject({
        text: v.text('the part of the text that matches best'),
        marks: z
          .array(z.tuple([z.int().min(0), z.int().min(0)]))
          .describe('`[start, end)` ranges of the snippet that match the query'),
      })
      .describe('what to show of the text'),
    context: z
      .strictObject({before: v.texts('chunks before it, in order'), after: v.texts('chunks after it')})
      .optional()
      .describe('texts of the neighbouring chunks, with `--context`'),
  })
  .meta({id: 'Hit'})

const totalFound = v.count('candidates that were ranked, before the best were chosen')
const tookMs = v.duration('how long it took')
const degraded = v.flag('a part of the index could not be used, or one side could not answer')

export const searchResult = z.strictObject({
  query,
  corpus: v.corpus,
  mode: searchMode.describe('the sides that were asked'),
  hits: z.array(hit).describe('best first'),
  total_found: totalFound,
  took_ms: tookMs,
  corpus_version: v.corpusVersion,
  degraded,
  notes: v.texts('which part was `degraded`, and what else a person should know'),
  cache: cacheUse,
  explain: z
    .strictObject({
      terms: v.texts('terms of the query, as the keyword index has them'),
      weight: v.share('weight of the vector side'),
      fusion: z.enum(['weighted', 'rrf']).describe('how the sides were fused'),
      segments: v.count('index files that were searched'),
      tail: v.count('vectors in no index file, compared one by one'),
      pending: v.count('chunks without a vector'),
    })
    .optional()
    .describe('how the hits were ranked, with `--explain`'),
})

const queryId = v.text('id of the query; of a plain line its number')

/** A line of `rag search --queries FILE --format jsonl`. */
export const queryLine = z.strictObject({
  query_id: queryId,
  query,
  hits: z.array(hit).describe('best first'),
  took_ms: tookMs,
  total_found: totalFound,
  degraded,
})

/** The result of one of many queries. */
export const queryResult = z
  .strictObject({query_id: queryId, ...searchResult.shape})
  .meta({id: 'QueryResult'})

export const queriesResult = z.strictObject({
  queries: z.array(queryResult).describe('a result a query, in the order of the file'),
  failed: z
    .array(z.strictObject({query_id: queryId, message: v.text('why it was not asked')}))
    .describe('queries that were skipped (exit 3)'),
})

export type HitData = v.Data<typeof hit>
export type SearchResult = v.Data<typeof searchResult>
export type QueryLine = v.Data<typeof queryLine>
export type QueriesResult = v.Data<typeof queriesResult>
export type CacheUseData = v.Data<typeof cacheUse>
