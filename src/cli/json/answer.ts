import type {AskResult, CitationData} from '../../contract/index.js'
import type {AnswerReport, Citation} from '../../lib/index.js'
import {placeJson} from './place.js'

/** `rag ask --json`. See docs/json.md. */
export function answerJson(report: AnswerReport): AskResult {
  const {cache, usage, conversation} = report
  return {
    query: report.query,
    standalone_query: report.standaloneQuery,
    corpus: report.corpus,
    answer: report.answer,
    found: report.found,
    intent: report.intent,
    language: report.language,
    citations: report.citations.map(citationJson),
    model: report.model,
    extractive: report.extractive,
    complete: report.complete,
    usage: usage === undefined ? null : {input_tokens: usage.inputTokens, output_tokens: usage.outputTokens},
    cache: {
      answer_hit: cache.answerHit,
      retrieval_hit: cache.retrievalHit,
      embed_hits: cache.embedHits,
      embed_misses: cache.embedMisses,
    },
    conversation: conversation ?? null,
    user: report.user ?? null,
    corpus_version: report.corpusVersion,
    degraded: report.degraded,
    notes: report.notes,
    took_ms: report.tookMs,
  }
}

function citationJson({n, docId, chunkId, title, heading, lines, place}: Citation): CitationData {
  return {n, doc_id: docId, chunk_id: chunkId, title, heading, lines: lines ?? null, place: placeJson(place)}
}
