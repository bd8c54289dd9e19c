import type {BatchRecord, ExportedChunk} from '../model/batch-record.js'
import {documentCutOff, recordOutOfOrder} from '../model/errors/files/batch.js'
import type {ReadyChunk, ReadyDocument} from '../model/ready-document.js'

type Exported = BatchRecord & {readonly chunk: ExportedChunk}

/** Puts the records of an export together into the documents they were. */
export class ExportedDocuments {
  #parts: Exported[] = []

  /** Records taken in of the document that is not yet whole. */
  get open(): number {
    return this.#parts.length
  }

  /** Whether a document that is not yet whole ends where this record begins the next. */
  isCutOffBy({chunk: {document, ordinal}}: Exported): boolean {
    return this.#parts.length > 0 && document !== undefined && ordinal <= 1
  }

  /** The document, when the record is its last. @throws RagError BAD_INPUT when it does not follow on the one before */
  take(record: Exported): ReadyDocument | undefined {
    const {docId, ordinal, of, document} = record.chunk
    const before = this.#parts.at(-1)?.chunk
    const follows = before
      ? before.docId === docId && before.of === of && ordinal === before.ordinal + 1
      : document !== undefined && ordinal === Math.min(1, of)
    if (!follows) {
      this.#parts = []
      throw recordOutOfOrder(docId, ordinal, of)
    }
    this.#parts.push(record)
    if (ordinal < of) return undefined
    const whole = this.#parts
    this.#parts = []
    return documentOf(whole)
  }

  /** Nothing more comes. @throws RagError BAD_INPUT when a document is not whole */
  finish(): void {
    const last = this.#parts.at(-1)?.chunk
    this.#parts = []
    if (last) throw documentCutOff(last.docId, last.ordinal, last.of)
  }
}

function documentOf(parts: readonly Exported[]): ReadyDocument {
  const {docId, of, document} = parts[0]!.chunk
  const {docHash, title, language, metadata, source} = document!
  return {
    docId,
    docHash,
    title,
    language,
    metadata,
    source,
    chunks: of === 0 ? [] : parts.map(chunkOf),
  }
}

/** Placeholders are no vectors: a chunk that had one is to be embedded, or marked, anew. */
function chunkOf({text, embedding, chunk}: Exported): ReadyChunk {
  const {heading, lines, place, tokens, overlap, metadata, vector} = chunk
  return {
    text,
    heading,
    lines,
    tokens,
    overlap,
    ...(place ? {place} : {}),
    ...(metadata ? {metadata} : {}),
    ...(embedding && vector === 'dense' ? {vector: embedding} : {}),
  }
}
