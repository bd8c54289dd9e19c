import type {
  AnswerReport,
  Citation,
  Profile,
  Session,
  SessionMessage,
  SessionSummary,
} from '../../lib/index.js'
import {showTime} from '../output/human.js'

/** `rag ask --json`. See docs/json.md. */
export function answerJson(report: AnswerReport): Record<string, unknown> {
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

function citationJson({n, docId, chunkId, title, heading, lines}: Citation): Record<string, unknown> {
  return {n, doc_id: docId, chunk_id: chunkId, title, heading, lines}
}

export function sessionSummaryJson(session: SessionSummary): Record<string, unknown> {
  return {
    conversation: session.id,
    user: session.user ?? null,
    title: session.title,
    messages: session.messages,
    created_at: showTime(session.createdAtMs),
    updated_at: showTime(session.updatedAtMs),
  }
}

/** A line of `rag sessions export`. */
export function messageJson(session: SessionSummary, message: SessionMessage): Record<string, unknown> {
  return {
    conversation: session.id,
    user: session.user ?? null,
    ordinal: message.ordinal,
    role: message.role,
    text: message.text,
    corpus: message.corpus,
    standalone_query: message.standaloneQuery ?? null,
    intent: message.intent ?? null,
    model: message.model ?? null,
    redacted: message.redacted,
    at: showTime(message.atMs),
    sources: message.sources.map(({n, corpus, docId, chunkId, lines}) => ({
      n: n ?? null,
      corpus,
      doc_id: docId,
      chunk_id: chunkId,
      lines,
    })),
  }
}

export function sessionJson(session: Session): Record<string, unknown> {
  return {...sessionSummaryJson(session), log: session.log.map((message) => messageJson(session, message))}
}

export function profileJson(profile: Profile): Record<string, unknown> {
  return {
    user: profile.user,
    interests: Object.fromEntries(profile.interests),
    traits: profile.traits,
    recent_topics: profile.recentTopics,
    questions: profile.questions,
    updated_at: showTime(profile.updatedAtMs),
  }
}
