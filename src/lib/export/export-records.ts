import type {BatchRecord} from '../model/batch-record.js'
import type {SnapshotChunk, SnapshotDocument} from '../ports/store/corpus-snapshot.js'

/** The records of a document, one a chunk; of one without text, one that says only that it is there. */
export function documentRecords(document: SnapshotDocument, withVectors: boolean): readonly BatchRecord[] {
  const {docId, docHash, title, language, metadata, source, chunks} = document
  const described = {document: {docHash, title, language, metadata, source}}
  if (chunks.length === 0) {
    const chunk = {
      docId,
      ordinal: 0,
      of: 0,
      heading: [],
      lines: [1, 1],
      tokens: 0,
      overlap: 0,
      vector: 'none',
    } as const
    return [{text: '', metadata, source: source.source, chunk: {...chunk, ...described}}]
  }
  return chunks.map((chunk, i) => ({
    text: chunk.text,
    metadata: {...metadata, ...chunk.metadata},
    source: source.source,
    ...(withVectors && chunk.vector ? {embedding: chunk.vector} : {}),
    chunk: {
      docId,
      ordinal: i + 1,
      of: chunks.length,
      heading: chunk.heading,
      lines: [chunk.startLine, chunk.endLine],
      tokens: chunk.tokens,
      overlap: chunk.overlap,
      ...(chunk.place ? {place: chunk.place} : {}),
      ...(chunk.metadata ? {metadata: chunk.metadata} : {}),
      vector: withVectors ? chunk.kind : 'none',
      ...(i === 0 ? described : {}),
    },
  }))
}

/** A document as a line of JSON that `rag ingest --jsonl` takes, with its chunks as they were cut and their vectors. */
export function documentLine(document: SnapshotDocument, withVectors: boolean): string {
  const {docId, title, metadata, chunks} = document
  return `${JSON.stringify({doc_id: docId, title, metadata, chunks: chunks.map((chunk) => lineChunk(chunk, withVectors))})}\n`
}

function lineChunk({text, metadata, vector}: SnapshotChunk, withVectors: boolean): Record<string, unknown> {
  return {
    text,
    ...(metadata ? {metadata} : {}),
    ...(withVectors && vector ? {embedding: [...vector]} : {}),
  }
}
