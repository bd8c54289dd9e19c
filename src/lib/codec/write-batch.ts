import {Packr} from 'msgpackr'
import type {BatchHeader, BatchRecord, ExportedChunk} from '../model/batch-record.js'

/** Plain maps of the smallest form: the same values give the same bytes. */
const packr = new Packr({useRecords: false, variableMapSize: true, encodeUndefinedAsNil: true})

/**
 * The bytes of a batch up to its first record: header fields in a fixed order, then `records` as the head of an array of `count`. The
 * records follow, as `encodeRecord` makes them, and nothing after them.
 */
export function encodeBatchHead(
  header: BatchHeader & {readonly embeddingDim: number},
  count: number,
): Uint8Array {
  const {origin} = header
  const fields: readonly (readonly [string, unknown])[] = [
    ['version', header.version ?? 1],
    ['source', header.source ?? ''],
    ['batch_tag', header.batchTag ?? ''],
    ['created_at', header.createdAt ?? null],
    ['embedding_dim', header.embeddingDim],
    ['model', header.model ?? null],
    ...(origin === undefined ? [] : [['rag', origin] as const]),
  ]
  const parts: Uint8Array[] = [Buffer.of(0x80 | (fields.length + 1))]
  for (const [key, value] of fields) parts.push(packr.pack(key), packr.pack(value))
  parts.push(packr.pack('records'), arrayHead(count))
  return Buffer.concat(parts)
}

function arrayHead(count: number): Buffer {
  const head = Buffer.alloc(5)
  head[0] = 0xdd
  head.writeUInt32BE(count, 1)
  return head
}

/** One record. Its vector is written as bytes of little-endian float32: half the size of an array of numbers, bit for bit the same. */
export function encodeRecord(record: BatchRecord): Uint8Array {
  const {text, embedding, metadata, source, batchTag, chunk} = record
  return packr.pack({
    text,
    ...(embedding === undefined ? {} : {embedding: littleEndian(embedding)}),
    metadata,
    ...(source === undefined ? {} : {source}),
    ...(batchTag === undefined ? {} : {batch_tag: batchTag}),
    ...(chunk === undefined ? {} : {rag: chunkFields(chunk)}),
  })
}

function chunkFields({docId, ordinal, document, ...chunk}: ExportedChunk): Record<string, unknown> {
  return {
    doc_id: docId,
    n: ordinal,
    ...chunk,
    ...(document === undefined
      ? {}
      : {
          document: {
            doc_hash: document.docHash,
            title: document.title,
            language: document.language,
            metadata: document.metadata,
            source: document.source,
          },
        }),
  }
}

function littleEndian(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 * vector.length)
  for (let i = 0; i < vector.length; i++) bytes.writeFloatLE(vector[i]!, 4 * i)
  return bytes
}
