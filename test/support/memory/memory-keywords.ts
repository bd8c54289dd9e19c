import {TITLE_WEIGHT} from '../../../src/lib/ports/keyword-weights.js'
import {RagError} from '../../../src/lib/model/errors.js'
import type {KeywordEntry, KeywordHit, KeywordIndex} from '../../../src/lib/ports/store/store.js'
import {passes} from './memory-filter.js'
import type {ChunkRow, MemoryState} from './memory-state.js'

const K1 = 1.2
const B = 0.75
const LEAST_IDF = 1e-6

/** Keyword search over a store held in memory; scores each chunk anew for every query. */
export function memoryKeywords(state: MemoryState): KeywordIndex {
  return {
    ...rebuild(state),
    async searchKeywords(corpusId, query) {
      const hits: KeywordHit[] = []
      for (const [chunk, score] of scoreAll(state.liveChunks(corpusId), query.terms)) {
        if (passes(state.filtered(chunk), query.filters)) hits.push({chunkId: chunk.id, score})
      }
      hits.sort((a, b) => b.score - a.score || a.chunkId - b.chunkId)
      return hits.slice(0, query.limit)
    },
    async scoreKeywords(corpusId, terms, chunkIds) {
      const wanted = new Set(chunkIds)
      const scores = new Map<number, number>()
      for (const [chunk, score] of scoreAll(state.liveChunks(corpusId), terms))
        if (wanted.has(chunk.id)) scores.set(chunk.id, score)
      return scores
    },
  }
}

type RebuildVerbs = Pick<
  KeywordIndex,
  'keywordsRemoved' | 'recountKeywords' | 'beginKeywords' | 'addKeywords' | 'publishKeywords'
>

/** Terms are kept with their chunks here, so that nothing of a removed chunk stays. */
function rebuild(state: MemoryState): RebuildVerbs {
  const next = new Map<number, Map<number, KeywordEntry>>()
  return {
    async keywordsRemoved() {
      return 0
    },
    async recountKeywords(corpusId, lease) {
      state.writable(corpusId, lease)
      return false
    },
    async beginKeywords(corpusId, lease) {
      state.writable(corpusId, lease)
      next.set(corpusId, new Map())
    },
    async addKeywords(corpusId, entries, lease) {
      state.writable(corpusId, lease)
      const index = next.get(corpusId)
      if (!index) throw new RagError('INTERNAL', 'No keyword index has been begun.')
      for (const entry of entries) index.set(entry.chunkId, {...entry})
    },
    async publishKeywords(corpusId, settings, lease) {
      const corpus = state.writable(corpusId, lease)
      const index = next.get(corpusId)
      const chunks = state.liveChunks(corpusId)
      if (!index || index.size !== chunks.length || chunks.some((chunk) => !index.has(chunk.id)))
        throw new RagError(
          'INTERNAL',
          `The new keyword index has ${index?.size ?? 0} entries for ${chunks.length} chunks.`,
        )
      for (const chunk of chunks) {
        const {title, body} = index.get(chunk.id)!
        chunk.put = {...chunk.put, terms: {title, body}}
      }
      next.delete(corpusId)
      const published = {...corpus, version: corpus.version + 1, settings: structuredClone(settings)}
      state.corpora.set(corpusId, published)
      return structuredClone(published)
    },
  }
}

interface Entry {
  readonly chunk: ChunkRow
  readonly title: readonly string[]
  readonly body: readonly string[]
}

/**
 * BM25 as SQLite's FTS5 computes it (https://sqlite.org/fts5.html#the_bm25_function), sign turned: the column weights
 * multiply the hits, the length of a row is the number of all its tokens. Rows with none of the terms are left out.
 */
function scoreAll(chunks: readonly ChunkRow[], terms: readonly string[]): Map<ChunkRow, number> {
  const entries = chunks.map((chunk) => ({
    chunk,
    title: tokens(chunk.put.terms.title),
    body: tokens(chunk.put.terms.body),
  }))
  const meanLength = entries.reduce((sum, it) => sum + lengthOf(it), 0) / entries.length
  const scores = new Map<ChunkRow, number>()
  for (const term of terms) {
    const found = entries.filter((it) => it.title.includes(term) || it.body.includes(term))
    const odds = (entries.length - found.length + 0.5) / (found.length + 0.5)
    const idf = Math.max(LEAST_IDF, Math.log(odds))
    for (const entry of found) {
      const hits = TITLE_WEIGHT * countOf(term, entry.title) + countOf(term, entry.body)
      const length = 1 - B + (B * lengthOf(entry)) / meanLength
      const score = (idf * hits * (K1 + 1)) / (hits + K1 * length)
      scores.set(entry.chunk, (scores.get(entry.chunk) ?? 0) + score)
    }
  }
  return scores
}

const tokens = (text: string): string[] => text.split(' ').filter((it) => it !== '')
const lengthOf = (entry: Entry): number => entry.title.length + entry.body.length
const countOf = (term: string, among: readonly string[]): number => among.filter((it) => it === term).length
