import type {Corpus} from '../../../src/lib/model/corpus.js'
import type {StoredChunk} from '../../../src/lib/model/chunk.js'
import type {DocumentRecord, KnownSource} from '../../../src/lib/model/document.js'
import type {DocumentStore, PurgeReceipt} from '../../../src/lib/ports/store/store.js'
import type {PurgeWork} from '../../../src/lib/ports/store/purge-log.js'
import {MemoryCommit} from './memory-commit.js'
import {passes} from './memory-filter.js'
import type {ChunkRow, DocumentRow, MemoryState} from './memory-state.js'
import {writePurge} from './memory-purge-log.js'
import {redactSessions} from './memory-sessions.js'
import {compareText} from './memory-text-order.js'

/** The documents of a store held in memory. */
export function memoryDocuments(state: MemoryState): DocumentStore {
  const live = (corpusId: number): DocumentRow[] =>
    [...state.documents.values()]
      .filter((it) => it.corpusId === corpusId && !it.deleted)
      .sort((a, b) => compareText(a.docId, b.docId))
  return {
    async commit(corpusId, batch, lease) {
      state.writable(corpusId, lease)
      return new MemoryCommit(state, corpusId).apply(batch)
    },
    async listSources(corpusId) {
      return live(corpusId).map(knownSource)
    },
    async getDocument(corpusId, docId) {
      const row = live(corpusId).find((it) => it.docId === docId)
      return row && record(state, row)
    },
    async listDocuments(corpusId, {filters, limit, offset = 0}) {
      const all = live(corpusId).filter((it) => passes(it, filters))
      const page = all.slice(offset, limit === undefined ? undefined : offset + limit)
      return {documents: page.map((row) => record(state, row)), total: all.length}
    },
    async documentChunks(documentId, range = {from: 0, to: Infinity}) {
      return [...state.chunks.values()]
        .filter((it) => it.documentId === documentId && !it.deleted)
        .filter((it) => range.from <= it.put.ordinal && it.put.ordinal <= range.to)
        .sort((a, b) => a.put.ordinal - b.put.ordinal)
        .map((chunk) => storedChunk(state, chunk))
    },
    async readChunks(ids) {
      return ids
        .map((id) => state.chunks.get(id))
        .filter((chunk): chunk is ChunkRow => chunk?.deleted === false)
        .map((chunk) => storedChunk(state, chunk))
    },
    async knownContent(corpusId, wanted) {
      const docIds = new Set(live(corpusId).map(({docId}) => docId))
      const hashes = new Set(state.liveChunks(corpusId).map(({put}) => put.contentHash))
      const known = wanted.filter((one) => docIds.has(one.docId) || hashes.has(one.contentHash))
      return new Set(known.map(({docId}) => docId))
    },
    purgeDocuments: async (corpusId, docIds, lease, work) =>
      purge(state, state.writable(corpusId, lease), new Set(docIds), work),
  }
}

const knownSource = ({docId, docHash, source}: DocumentRow): KnownSource =>
  structuredClone({docId, docHash, source})

function record(state: MemoryState, row: DocumentRow): DocumentRecord {
  const {id, docId, docHash, title, language, source, metadata, createdAtMs, updatedAtMs} = row
  const chunks = state.liveChunks(row.corpusId).filter((it) => it.documentId === id).length
  return structuredClone({
    id,
    docId,
    docHash,
    title,
    language,
    source,
    metadata,
    chunks,
    createdAtMs,
    updatedAtMs,
  })
}

function storedChunk(state: MemoryState, {id, documentId, put}: ChunkRow): StoredChunk {
  const {docId, title, language, metadata} = state.documents.get(documentId)!
  const {ordinal, text, heading, startLine, endLine, place: where, tokens, overlap, contentHash} = put
  const place = {ordinal, heading, startLine, endLine, tokens, overlap, ...(where ? {place: where} : {})}
  const content = {title, language, text, contentHash, metadata: {...metadata, ...put.metadata}}
  return structuredClone({id, documentId, docId, ...place, ...content})
}

function purge(
  state: MemoryState,
  corpus: Corpus,
  wanted: ReadonlySet<string>,
  work?: PurgeWork,
): PurgeReceipt {
  const rows = [...state.documents.values()].filter((it) => it.corpusId === corpus.id && wanted.has(it.docId))
  const ids = new Set(rows.map((row) => row.id))
  const chunks = new Set([...state.chunks.values()].filter((it) => ids.has(it.documentId)).map((it) => it.id))
  const wasVisible = rows.some((row) => !row.deleted)
  const docIds = rows.map((row) => row.docId)
  const seqs = state.eraseChunks(chunks)
  for (const id of ids) state.documents.delete(id)
  if (ids.size > 0)
    for (const version of state.versions.values())
      if (version.corpusId === corpus.id && version.fittedChunks !== undefined)
        state.versions.set(version.id, {...version, fittedChunks: 0})
  redactSessions(state, corpus.name, wanted)
  const removed = {documents: ids.size, chunks: chunks.size, vectors: seqs.length}
  if (work) writePurge(state, corpus.id, work, {seqs, removed})
  const {version} = wasVisible ? state.bump(corpus) : corpus
  if (ids.size > 0) state.forgotten.set(corpus.id, version)
  const proof = prove(state, corpus.name, {documents: ids, chunks, docIds: wanted})
  return {documents: ids.size, docIds, chunks: chunks.size, vectors: seqs.length, seqs, version, proof}
}

/** Looks for what was purged. Words are found by the chunks themselves, so that there is no index of them to look into. */
function prove(
  state: MemoryState,
  corpus: string,
  purged: {
    readonly documents: ReadonlySet<number>
    readonly chunks: ReadonlySet<number>
    readonly docIds: ReadonlySet<string>
  },
): PurgeReceipt['proof'] {
  const {documents, chunks, docIds} = purged
  const messages = [...state.sessions.values()].flatMap(({log}) => log)
  const named = messages.flatMap(({sources}) => sources).filter((it) => it.corpus === corpus)
  const areGone = [...chunks].every((id) => !state.chunks.has(id))
  return [
    {place: 'documents', absent: [...documents].every((id) => !state.documents.has(id))},
    {place: 'chunks', absent: areGone},
    {place: 'vectors', absent: [...state.vectors.values()].every((it) => !chunks.has(it.chunkId))},
    {place: 'conversations', absent: !named.some((it) => docIds.has(it.docId))},
    {place: 'keyword index', absent: areGone},
  ]
}
