import type {StoredChunk} from '../model/chunk.js'
import {chunkName} from '../model/names.js'
import {linesOf, placeOf} from '../model/place.js'
import type {Hit, SearchRequest, SideScore} from '../model/operations/query.js'
import type {Analyser, QueryTerms} from '../ports/analyser.js'
import type {Store} from '../ports/store/store.js'
import {DEFAULT_TOP_K} from './check-request.js'
import type {Ranked} from './fuse-scores.js'
import {makeSnippet} from './make-snippet.js'

export interface HitSearch {
  readonly tools: {readonly store: Store; readonly analyser: Analyser}
  readonly request: SearchRequest
  readonly terms: QueryTerms
}

/** Reads the best candidates from the store and makes hits of them; for documents, each document's best chunk. */
export async function makeHits(search: HitSearch, ranked: readonly Ranked[]): Promise<readonly Hit[]> {
  const {tools, request} = search
  const topK = request.topK ?? DEFAULT_TOP_K
  const wanted = request.unit === 'document' ? ranked : ranked.slice(0, topK)
  const chunks = new Map(
    (await tools.store.readChunks(wanted.map((candidate) => candidate.chunkId))).map((chunk) => [
      chunk.id,
      chunk,
    ]),
  )
  const hits: Hit[] = []
  const seen = new Set<number>()
  for (const candidate of wanted) {
    const chunk = chunks.get(candidate.chunkId)
    if (!chunk || (request.unit === 'document' && seen.has(chunk.documentId))) continue
    seen.add(chunk.documentId)
    hits.push(await makeHit(search, {candidate, chunk, rank: hits.length + 1}))
    if (hits.length === topK) break
  }
  return hits
}

async function makeHit(
  {tools, request, terms}: HitSearch,
  {candidate, chunk, rank}: {readonly candidate: Ranked; readonly chunk: StoredChunk; readonly rank: number},
): Promise<Hit> {
  const around = request.context ?? 0
  const place = placeOf(chunk)
  const context = around > 0 ? await neighbours(tools.store, chunk, around) : undefined
  return {
    rank,
    score: candidate.score,
    docId: chunk.docId,
    chunkId: chunkName(chunk.docId, chunk.ordinal),
    title: chunk.title,
    text: chunk.text,
    heading: chunk.heading,
    lines: linesOf(place),
    place,
    metadata: chunk.metadata,
    scores: {
      ...sideScore('keyword', candidate.keyword, candidate.keywordRank),
      ...sideScore('vector', candidate.vector, candidate.vectorRank),
    },
    snippet: makeSnippet(tools.analyser, chunk, new Set(terms.terms)),
    ...(context ? {context} : {}),
  }
}

function sideScore<K extends string>(
  side: K,
  score: number | undefined,
  rank: number | undefined,
): {readonly [P in K]?: SideScore} {
  if (score === undefined) return {}
  const value: SideScore = rank === undefined ? {score} : {score, rank}
  return {[side]: value} as {readonly [P in K]?: SideScore}
}

async function neighbours(
  store: Store,
  chunk: StoredChunk,
  around: number,
): Promise<NonNullable<Hit['context']>> {
  const chunks = await store.documentChunks(chunk.documentId, {
    from: chunk.ordinal - around,
    to: chunk.ordinal + around,
  })
  return {
    before: chunks.filter((other) => other.ordinal < chunk.ordinal).map((other) => other.text),
    after: chunks
      .filter((other) => other.ordinal > chunk.ordinal)
      .map((other) => other.text.slice(other.overlap)),
  }
}
