import type {
  CorpusSnapshot,
  CorpusSnapshots,
  ReadableDocument,
  SnapshotDocument,
} from '../../../src/lib/ports/store/corpus-snapshot.js'
import {passes} from './memory-filter.js'
import type {ChunkRow, DocumentRow, MemoryState} from './memory-state.js'
import {compareText} from './memory-text-order.js'

/** Snapshots of a store held in memory: copies, made at once. */
export function memorySnapshots(state: MemoryState): CorpusSnapshots {
  return {
    async openSnapshot(name) {
      const corpus = [...state.corpora.values()].find((it) => it.name === name)
      return corpus && snapshotOf(state, corpus.id)
    },
  }
}

interface Copied {
  readonly document: SnapshotDocument
  readonly firstChunk: number
  readonly changedVersion: number
}

function snapshotOf(state: MemoryState, corpusId: number): CorpusSnapshot {
  const rows = [...state.documents.values()].filter((it) => it.corpusId === corpusId)
  const copies = rows
    .filter((row) => !row.deleted)
    .map((row) => copyOf(state, row))
    .sort((a, b) => a.firstChunk - b.firstChunk || compareText(a.document.docId, b.document.docId))
  const deleted = rows
    .filter((row) => row.deleted)
    .map(({docId, changedVersion}) => ({docId, changedVersion}))
    .sort((a, b) => compareText(a.docId, b.docId))
  const forgotten = state.forgotten.get(corpusId) ?? 0
  const since = (version = -1): readonly Copied[] => copies.filter((it) => it.changedVersion > version)
  return {
    corpus: structuredClone(state.corpora.get(corpusId)!),
    live: structuredClone(state.liveVersion(corpusId)),
    async count(version) {
      const chunks = since(version).map(({document}) => document.chunks.length)
      return {
        documents: chunks.length,
        chunks: chunks.reduce((sum, count) => sum + count, 0),
        empty: chunks.filter((count) => count === 0).length,
      }
    },
    async *documents(version) {
      for (const {document} of since(version)) yield structuredClone(document)
    },
    async *readThrough(filters) {
      const byId = [...copies].sort((a, b) => compareText(a.document.docId, b.document.docId))
      for (const {document} of byId) if (passes(document, filters)) yield readable(document)
    },
    async deletedSince(version) {
      if (forgotten > version) return undefined
      return deleted.filter((it) => it.changedVersion > version).map(({docId}) => docId)
    },
    async close() {
      // A copy holds nothing open.
    },
  }
}

function readable(document: SnapshotDocument): ReadableDocument {
  const {chunks, ...described} = structuredClone(document)
  return {
    ...described,
    length: chunks.length,
    async *chunks({from, to} = {from: 1, to: Infinity}) {
      for (const {ordinal, text, heading, overlap} of chunks)
        if (from <= ordinal && ordinal <= to) yield {ordinal, text, heading, overlap}
    },
  }
}

function copyOf(state: MemoryState, row: DocumentRow): Copied {
  const chunks = state
    .liveChunks(row.corpusId)
    .filter((it) => it.documentId === row.id)
    .sort((a, b) => a.put.ordinal - b.put.ordinal)
  const {docId, docHash, title, language, metadata, source, updatedAtMs, changedVersion} = row
  const document = {docId, docHash, title, language, metadata, source, updatedAtMs}
  return {
    document: structuredClone({...document, chunks: chunks.map((chunk) => chunkOf(state, chunk))}),
    firstChunk: Math.min(...chunks.map((chunk) => chunk.id), Infinity),
    changedVersion,
  }
}

function chunkOf(state: MemoryState, {id, corpusId, put}: ChunkRow): SnapshotDocument['chunks'][number] {
  const version = state.liveVersion(corpusId)
  const row = version && state.vectorOf(version.id, id)
  const {ordinal, text, heading, startLine, endLine, place, tokens, overlap, metadata} = put
  return {
    ordinal,
    text,
    heading,
    startLine,
    endLine,
    tokens,
    overlap,
    ...(place ? {place} : {}),
    ...(metadata ? {metadata} : {}),
    kind: row?.kind ?? 'none',
    ...(row?.kind === 'dense' ? {vector: row.vector} : {}),
  }
}
