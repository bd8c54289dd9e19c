import type {BatchHeader, BatchRecord} from '../../model/batch-record.js'
import type {Metadata} from '../../model/metadata.js'
import type {ReadyDocument} from '../../model/ready-document.js'

/** Where a record was read. */
export interface RecordOrigin {
  readonly file: string
  readonly header: BatchHeader
  readonly readAtMs: number
  readonly pipeline: string
  readonly language?: string | undefined
}

/**
 * The document that a record of someone else's becomes: one chunk, its id the record's content hash, so that the same content is the
 * same document however often it comes. Where it came from stands in its metadata: `batch_file`, `batch_tag`, `created_at`. The text is
 * one that `asStored` has made.
 */
export function recordDocument(
  record: BatchRecord,
  {hash, contentHash}: {readonly hash: string; readonly contentHash: string},
  {file, header, readAtMs, pipeline, language}: RecordOrigin,
): ReadyDocument {
  const {text, metadata, embedding} = record
  const title = metadata['title']
  const source = record.source ?? header.source
  return {
    docId: hash,
    title: typeof title === 'string' ? title : '',
    metadata: Object.assign(provenance(record, header, file), metadata),
    source: {source: source === undefined || source === '' ? file : source, readAtMs, pipeline},
    chunks: [{text, contentHash, ...(embedding ? {vector: embedding} : {})}],
    ...(language === undefined ? {} : {language}),
  }
}

function provenance({batchTag}: BatchRecord, header: BatchHeader, file: string): Metadata {
  const tag = batchTag ?? header.batchTag
  return {
    batch_file: file,
    ...(tag === undefined || tag === '' ? {} : {batch_tag: tag}),
    ...(header.createdAt === undefined ? {} : {created_at: header.createdAt}),
  }
}

/** Lone surrogates can't be stored as UTF-8; line ends are one kind everywhere. */
export function asStored(text: string): string {
  const wellFormed = text.toWellFormed()
  if (!CHANGED.test(wellFormed)) return wellFormed
  return wellFormed.replaceAll('\0', '\ufffd').replace(/\r\n?/g, '\n')
}

const CHANGED = /[\0\r]/
