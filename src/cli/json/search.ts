import type {Hit, SearchReport} from '../../lib/index.js'

/** One hit, as in every JSON output of `rag search`. */
export function hitJson(hit: Hit): Record<string, unknown> {
  return {
    rank: hit.rank,
    score: hit.score,
    doc_id: hit.docId,
    chunk_id: hit.chunkId,
    title: hit.title,
    text: hit.text,
    heading: hit.heading,
    lines: hit.lines,
    metadata: hit.metadata,
    scores: hit.scores,
    snippet: hit.snippet,
    ...(hit.context === undefined ? {} : {context: hit.context}),
  }
}

/** `rag search --json`. See docs/json.md. */
export function searchJson(report: SearchReport, explain: boolean): Record<string, unknown> {
  return {
    query: report.query,
    corpus: report.corpus,
    mode: report.mode,
    hits: report.hits.map(hitJson),
    total_found: report.totalFound,
    took_ms: report.tookMs,
    corpus_version: report.corpusVersion,
    degraded: report.degraded,
    notes: report.notes,
    cache: {answer_hit: false, retrieval_hit: false, embed_hits: 0, embed_misses: 0},
    ...(explain ? {explain: report.explain} : {}),
  }
}

/** One line of `--queries … --format jsonl`. */
export function queryLineJson(queryId: string, report: SearchReport): Record<string, unknown> {
  return {
    query_id: queryId,
    query: report.query,
    hits: report.hits.map(hitJson),
    took_ms: report.tookMs,
    total_found: report.totalFound,
    degraded: report.degraded,
  }
}
