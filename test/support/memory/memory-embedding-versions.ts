import type {
  EmbedInput,
  EmbeddingVersion,
  PendingChunk,
  PendingScope,
} from '../../../src/lib/model/embedding.js'
import type {VectorStore} from '../../../src/lib/ports/store/store.js'
import {internal} from './memory-state.js'
import type {ChunkRow, MemoryState} from './memory-state.js'
import {compareText} from './memory-text-order.js'

const SAMPLE_BLOCK = 100

/** The part of `VectorStore` that deals with versions and with what is still to be embedded. */
export type MemoryEmbeddingVersions = Pick<
  VectorStore,
  | 'addEmbeddingVersion'
  | 'listEmbeddingVersions'
  | 'setLiveVersion'
  | 'dropEmbeddingVersion'
  | 'pendingChunks'
  | 'countPending'
  | 'sampleInputs'
>

/** The embedding versions of a store held in memory. */
export function memoryEmbeddingVersions(state: MemoryState): MemoryEmbeddingVersions {
  const ofCorpus = (corpusId: number): EmbeddingVersion[] =>
    [...state.versions.values()].filter((it) => it.corpusId === corpusId).sort((a, b) => a.number - b.number)
  const pending = (corpusId: number, versionId: number | undefined, scope: PendingScope = {}): ChunkRow[] => {
    const done = versionId === undefined ? new Set<number>() : state.doneChunks(versionId, scope)
    return state.liveChunks(corpusId).filter((it) => !done.has(it.id))
  }
  return {
    async addEmbeddingVersion(corpusId, version, lease) {
      state.writable(corpusId, lease)
      const id = state.nextId()
      const number = (ofCorpus(corpusId).at(-1)?.number ?? 0) + 1
      const createdAtMs = state.clock.now()
      const row = {...structuredClone(version), id, corpusId, number, state: 'building' as const, createdAtMs}
      state.versions.set(id, row)
      return structuredClone(row)
    },
    async listEmbeddingVersions(corpusId) {
      return structuredClone(ofCorpus(corpusId))
    },
    async setLiveVersion(versionId, lease, options = {}) {
      const version = state.writableVersion(versionId, lease)
      if (version.state === 'live') return
      const missing = pending(version.corpusId, versionId).length
      if (missing > 0 && options.allowPending !== true)
        throw internal(
          `embedding version ${version.number} is to go live, but ${missing} chunks have no vector`,
        )
      const keeps = options.keepOld === true || version.keepsOld === true
      const before = state.liveVersion(version.corpusId)
      if (keeps || options.releaseKept)
        for (const other of ofCorpus(version.corpusId)) state.versions.set(other.id, notKept(other))
      if (before) state.versions.set(before.id, {...before, state: 'retired', ...(keeps ? {kept: true} : {})})
      state.versions.set(versionId, asLive(version))
      const corpus = state.corpora.get(version.corpusId)!
      const {settings = corpus.settings} = options
      const {id, version: changed} = state.bump({...corpus, settings: structuredClone(settings)})
      state.markChanged((row) => row.corpusId === id && !row.deleted, changed)
    },
    async dropEmbeddingVersion(versionId, lease, options = {}) {
      const version = state.writableVersion(versionId, lease)
      if (version.state === 'live' && options.evenLive !== true)
        throw internal(`embedding version ${version.number} is live and can't be dropped`)
      state.eraseVectors((row) => row.versionId === versionId)
      state.eraseSegments(versionId)
      state.versions.delete(versionId)
      if (version.state === 'live') state.bump(state.corpora.get(version.corpusId)!)
    },
    async pendingChunks(corpusId, versionId, {afterId, limit, dummies = false}) {
      return pending(corpusId, versionId, {dummies})
        .filter((it) => it.id > afterId)
        .slice(0, limit)
        .map((chunk) => pendingChunk(state, chunk))
    },
    async countPending(corpusId, versionId, scope) {
      return pending(corpusId, versionId, scope).length
    },
    sampleInputs: (corpusId, limit) => sampleInputs(state, corpusId, limit),
  }
}

/** Live, and without the marks that say what becomes of a version that is not. */
function asLive(version: EmbeddingVersion): EmbeddingVersion {
  const copy: {-readonly [K in keyof EmbeddingVersion]: EmbeddingVersion[K]} = {...version, state: 'live'}
  delete copy.kept
  delete copy.keepsOld
  return copy
}

function notKept(version: EmbeddingVersion): EmbeddingVersion {
  const copy: {-readonly [K in keyof EmbeddingVersion]: EmbeddingVersion[K]} = {...version}
  delete copy.kept
  return copy
}

function pendingChunk(state: MemoryState, chunk: ChunkRow): PendingChunk {
  const {docId} = state.documents.get(chunk.documentId)!
  return {chunkId: chunk.id, inputHash: chunk.put.inputHash, input: {...inputOf(state, chunk), docId}}
}

function inputOf(state: MemoryState, {documentId, put}: ChunkRow): EmbedInput {
  const {title, language} = state.documents.get(documentId)!
  return {text: put.text, title, heading: [...put.heading], language}
}

/** The hash is over all of the input: equal hashes are equal inputs, and its order has nothing to do with when they came. */
async function* sampleInputs(
  state: MemoryState,
  corpusId: number,
  limit: number,
): AsyncGenerator<EmbedInput[]> {
  const chosen = state
    .liveChunks(corpusId)
    .sort((a, b) => compareText(a.put.inputHash, b.put.inputHash))
    .slice(0, limit)
    .map((chunk) => inputOf(state, chunk))
  for (let i = 0; i < chosen.length; i += SAMPLE_BLOCK) yield chosen.slice(i, i + SAMPLE_BLOCK)
}
