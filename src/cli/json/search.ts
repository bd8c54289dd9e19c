import type {CacheUseData, HitData, QueryLine, SearchResult} from '../../contract/index.js'
import type {CacheUse, Hit, SearchReport} from '../../lib/index.js'
import {placeJson} from './place.js'

/** One hit, as in every JSON output of `rag search`. */
export function hitJson(hit: Hit): HitData {
  return {
    rank: hit.rank,
    score: hit.score,
    doc_id: hit.docId,
    chunk_id: hit.chunkId,
    title: hit.title,
    text: hit.text,
    heading: hit.heading,
    lines: hit.lines ?? null,
    place: placeJson(hit.place),
    metadata: hit.metadata,
    scores: hit.scores,
    snippet: hit.snippet,
    context: hit.context,
  }
}

/** What caches had, as in every `--json` output of an answer. */
export function cacheJson({retrievalHit, embedHits, embedMisses}: CacheUse, answerHit = false): CacheUseData {
  return {
    answer_hit: answerHit,
    retrieval_hit: retrievalHit,
    embed_hits: embedHits,
    embed_misses: embedMisses,
  }
}

/** `rag search --json`. See docs/json.md. */
export function searchJson(report: SearchReport, explain: boolean): SearchResult {
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
    cache: cacheJson(report.cache),
    explain: explain ? report.explain : undefined,
  }
}

/** One line of `--queries … --format jsonl`. */
export function queryLineJson(queryId: string, report: SearchReport): QueryLine {
  return {
    query_id: queryId,
    query: report.query,
    hits: report.hits.map(hitJson),
    took_ms: report.tookMs,
    total_found: report.totalFound,
    degraded: report.degraded,
  }
}
