import type {Corpus, CorpusCounts} from '../../../src/lib/model/corpus.js'
import type {CorpusStore} from '../../../src/lib/ports/store/store.js'
import {compareText} from './memory-text-order.js'
import {redactSessions} from './memory-sessions.js'
import type {MemoryState} from './memory-state.js'

/** The corpora of a store held in memory. */
export function memoryCorpora(state: MemoryState): CorpusStore {
  const byName = (name: string): Corpus | undefined =>
    [...state.corpora.values()].find((it) => it.name === name)
  return {
    async createCorpus(name, settings) {
      const known = byName(name)
      if (known) return structuredClone(known)
      const now = state.clock.now()
      const corpus = {
        id: state.nextId(),
        name,
        settings: structuredClone(settings),
        version: 0,
        state: state.nextStateName(),
        createdAtMs: now,
        updatedAtMs: now,
      }
      state.corpora.set(corpus.id, corpus)
      return structuredClone(corpus)
    },
    async getCorpus(name) {
      return structuredClone(byName(name))
    },
    async listCorpora() {
      return structuredClone([...state.corpora.values()].sort((a, b) => compareText(a.name, b.name)))
    },
    async updateSettings(corpusId, settings, lease) {
      const corpus = state.writable(corpusId, lease)
      const next = {...corpus, settings: structuredClone(settings), updatedAtMs: state.clock.now()}
      state.corpora.set(corpusId, next)
      return structuredClone(next)
    },
    async deleteCorpus(corpusId, lease) {
      state.writable(corpusId, lease)
      eraseCorpus(state, corpusId)
    },
    async countCorpus(corpusId) {
      return count(state, corpusId)
    },
  }
}

function eraseCorpus(state: MemoryState, corpusId: number): void {
  redactSessions(state, state.corpora.get(corpusId)?.name ?? '')
  for (const purge of state.purges.values()) if (purge.corpusId === corpusId) state.purges.delete(purge.id)
  const versions = new Set(
    [...state.versions.values()].filter((it) => it.corpusId === corpusId).map((it) => it.id),
  )
  state.eraseVectors((row) => versions.has(row.versionId))
  for (const id of versions) {
    state.eraseSegments(id)
    state.versions.delete(id)
  }
  for (const chunk of state.chunks.values()) if (chunk.corpusId === corpusId) state.chunks.delete(chunk.id)
  for (const document of state.documents.values())
    if (document.corpusId === corpusId) state.documents.delete(document.id)
  state.corpora.delete(corpusId)
}

function count(state: MemoryState, corpusId: number): CorpusCounts {
  const live = state.liveChunks(corpusId)
  const version = state.liveVersion(corpusId)
  const kinds = {dense: 0, dummy: 0, empty: 0, none: 0}
  const kindOf = new Map<number, keyof typeof kinds>()
  for (const row of state.vectors.values())
    if (row.versionId === version?.id) kindOf.set(row.chunkId, row.kind)
  for (const chunk of live) kinds[kindOf.get(chunk.id) ?? 'none']++
  const documents = [...state.documents.values()].filter((it) => it.corpusId === corpusId && !it.deleted)
  const languages = new Map<string, number>()
  for (const {language} of documents) languages.set(language, (languages.get(language) ?? 0) + 1)
  return {
    documents: documents.length,
    chunks: live.length,
    vectors: kinds.dense,
    pending: kinds.none,
    dummy: kinds.dummy,
    deletedChunks: [...state.chunks.values()].filter((it) => it.corpusId === corpusId && it.deleted).length,
    languages: [...languages]
      .map(([language, n]) => ({language, documents: n}))
      .sort((a, b) => b.documents - a.documents || compareText(a.language, b.language)),
  }
}
