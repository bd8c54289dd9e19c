import {rowsLeftOut} from '../model/errors/store/store.js'
import type {Corpus} from '../model/corpus.js'
import {
  NO_CACHE,
  type CacheUse,
  type SearchMode,
  type SearchReport,
  type SearchRequest,
} from '../model/operations/query.js'
import type {Analyser, QueryTerms} from '../ports/analyser.js'
import type {Store} from '../ports/store/store.js'
import type {Clock} from '../ports/surroundings.js'
import {checkRequest, DEFAULT_TOP_K} from './check-request.js'
import {fuseByRank, fuseWeighted, rankBy, type Candidate, type Ranked} from './fuse-scores.js'
import {makeHits} from './make-hits.js'
import type {OpenedIndex} from './open-index.js'
import {scoreVectors, searchVectors, type VectorHit} from './vector-search.js'

/** The vector side of a search, when there is one to ask. */
export interface VectorSide {
  readonly index: OpenedIndex
  /** Absent when the model has nothing to say of the query. */
  readonly query: Float32Array | undefined
  readonly weight: number
  /** What the cache had of the query's vector. */
  readonly use: CacheUse
}

export interface SearchTools {
  readonly store: Store
  readonly analyser: Analyser
  readonly clock: Clock
}

export interface SearchPlace {
  readonly corpus: Corpus
  /** Of the corpus's documents, most frequent first. */
  readonly languages: readonly string[]
  readonly vectors?: VectorSide | undefined
  readonly pending: number
  /** A side that should have answered could not. */
  readonly degraded: boolean
  /** Said in the report's notes. */
  readonly notes: readonly string[]
}

const MIN_CANDIDATES = 100

/** Ranks the chunks (or documents) of a corpus for a query. @throws RagError USAGE */
export async function searchCorpus(
  tools: SearchTools,
  place: SearchPlace,
  request: SearchRequest,
): Promise<SearchReport> {
  checkRequest(request)
  const startedAt = tools.clock.monotonic()
  const mode = request.mode ?? 'hybrid'
  const terms = tools.analyser.queryTerms(request.query, place.languages)
  const search = {tools, place, request, mode, terms, limit: candidateCount(request)}
  const keyword = mode === 'vector' ? [] : await keywordSide(search)
  const vector = mode === 'keyword' ? [] : await vectorSide(search)
  const candidates = await scoreAll(search, keyword, vector)
  const ranked = rank(search, candidates)
  const hits = await makeHits(search, ranked)
  const damaged = tools.store.takeDamage()
  return {
    query: request.query,
    corpus: place.corpus.name,
    mode,
    hits,
    totalFound: ranked.length,
    tookMs: tools.clock.monotonic() - startedAt,
    corpusVersion: place.corpus.version,
    degraded: isDegraded(search) || damaged.length > 0,
    notes: damaged.length > 0 ? [...notesOf(search), rowsLeftOut(damaged)] : notesOf(search),
    cache: search.place.vectors?.use ?? NO_CACHE,
    explain: explanation(search),
  }
}

function explanation(search: Search): SearchReport['explain'] {
  const {place, request, mode, terms} = search
  const alone = mode === 'vector' ? 1 : 0
  return {
    terms: terms.terms,
    weight: mode === 'hybrid' ? usedWeight(search) : alone,
    fusion: request.fusion ?? 'weighted',
    segments: place.vectors?.index.segments ?? 0,
    tail: place.vectors?.index.tail ?? 0,
    pending: place.pending,
  }
}

interface Search {
  readonly tools: SearchTools
  readonly place: SearchPlace
  readonly request: SearchRequest
  readonly mode: SearchMode
  readonly terms: QueryTerms
  readonly limit: number
}

/** Documents are ranked by their best chunk, so that more chunks are needed to fill the list. */
function candidateCount({topK = DEFAULT_TOP_K, unit}: SearchRequest): number {
  return Math.max(MIN_CANDIDATES, topK * (unit === 'document' ? 4 : 2))
}

async function keywordSide({tools, place, request, terms, limit}: Search): Promise<readonly VectorHit[]> {
  return tools.store.searchKeywords(place.corpus.id, {
    terms: terms.terms,
    limit,
    filters: request.filters ?? [],
  })
}

async function vectorSide({tools, place, request, limit}: Search): Promise<readonly VectorHit[]> {
  const side = place.vectors
  if (!side?.query) return []
  return searchVectors(tools.store, side.index, {vector: side.query, limit, filters: request.filters ?? []})
}

/** Every candidate of either side gets both scores, exactly. */
async function scoreAll(
  {tools, place, mode, terms}: Search,
  keyword: readonly VectorHit[],
  vector: readonly VectorHit[],
): Promise<readonly Candidate[]> {
  const side = place.vectors
  const keywordRanks = new Map(keyword.map((hit, i) => [hit.chunkId, i + 1]))
  const vectorRanks = new Map(vector.map((hit, i) => [hit.chunkId, i + 1]))
  const keywordScores = new Map(keyword.map((hit) => [hit.chunkId, hit.score]))
  const vectorScores = new Map(vector.map((hit) => [hit.chunkId, hit.score]))
  if (mode === 'hybrid') {
    const onlyVector = vector.map((hit) => hit.chunkId).filter((id) => !keywordScores.has(id))
    const more = await tools.store.scoreKeywords(place.corpus.id, terms.terms, onlyVector)
    for (const [id, score] of more) keywordScores.set(id, score)
    if (side?.query) {
      const chunkIds = keyword.map((hit) => hit.chunkId).filter((id) => !vectorScores.has(id))
      const scores = await scoreVectors(tools.store, side.index.version, {vector: side.query, chunkIds})
      for (const [id, score] of scores) vectorScores.set(id, score)
    }
  }
  const ids = new Set([...keywordRanks.keys(), ...vectorRanks.keys()])
  return [...ids].map((chunkId) => ({
    chunkId,
    ...present('keyword', keywordScores.get(chunkId)),
    ...present('vector', vectorScores.get(chunkId)),
    ...present('keywordRank', keywordRanks.get(chunkId)),
    ...present('vectorRank', vectorRanks.get(chunkId)),
  }))
}

function present<K extends string>(key: K, value: number | undefined): {readonly [P in K]?: number} {
  return value === undefined ? {} : ({[key]: value} as {readonly [P in K]?: number})
}

/** Without a vector of the query, keyword search answers alone. */
function usedWeight({place, request}: Search): number {
  if (!place.vectors?.query) return 0
  return request.weight ?? place.corpus.settings.vectorWeight ?? place.vectors.weight
}

function rank(search: Search, candidates: readonly Candidate[]): readonly Ranked[] {
  const {mode, request} = search
  if (candidates.length === 0) return []
  const ranked =
    mode !== 'hybrid'
      ? rankBy(candidates, mode)
      : request.fusion === 'rrf'
        ? fuseByRank(candidates)
        : fuseWeighted(candidates, usedWeight(search))
  const {minScore} = request
  return minScore === undefined ? ranked : ranked.filter((candidate) => candidate.score >= minScore)
}

/** Some of the chunks that the vector side should see have no vector yet. */
function isIncomplete({place, mode}: Pick<Search, 'place' | 'mode'>): boolean {
  return mode !== 'keyword' && place.vectors !== undefined && place.pending > 0
}

function isDegraded(search: Search): boolean {
  const {place} = search
  return place.degraded || (place.vectors?.index.problems.length ?? 0) > 0 || isIncomplete(search)
}

function notesOf({place, mode, terms}: Search): readonly string[] {
  const notes = [...place.notes, ...(place.vectors?.index.problems ?? [])]
  if (place.languages.length === 0) return [...notes, 'The corpus holds no documents.']
  if (mode !== 'vector' && terms.terms.length === 0)
    notes.push('The query holds only stop words or punctuation; keyword search finds nothing for it.')
  if (mode !== 'keyword' && place.vectors && !place.vectors.query)
    notes.push('The model knows no word of the query; it has no vector.')
  if (isIncomplete({place, mode}))
    notes.push(
      `${place.pending} chunks have no vector yet; only words find them. rag ingest goes on with them.`,
    )
  return notes
}
