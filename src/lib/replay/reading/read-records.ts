import {decodeHeader, decodeRecord} from '../../codec/decode-record.js'
import {readBatchGroups, type BatchItem, type BatchPlace} from '../../codec/read-batch.js'
import {nextTurn} from '../../kernel/next-turn.js'
import type {DocumentPut} from '../../model/batch.js'
import type {BatchHeader, BatchRecord, ExportedChunk} from '../../model/batch-record.js'
import {isAbout, type RagError} from '../../model/errors.js'
import type {BatchFile} from '../../ports/files/batch-files.js'
import type {Digest} from '../../ports/surroundings.js'
import {contentHashOf} from './content-hash.js'
import {asStored, recordDocument} from './record-document.js'
import type {ReadyDocument} from '../../model/ready-document.js'
import {MAX_HEADERS, scanBatch} from './scan-batch.js'

/** A record that can't be taken (`goesOn`), or the end of what can be read of a file. */
export interface ReadFault {
  readonly kind: 'fault'
  readonly place: BatchPlace
  readonly error: RagError
  readonly goesOn: boolean
}

/** A record of someone else's, and the document that it becomes, should the store have no better. */
export interface ReadChunk {
  readonly kind: 'chunk'
  readonly place: BatchPlace
  /** Of the batch in the file whose header it has. */
  readonly batch: number
  readonly hash: string
  /** SHA-256 of the text as it is stored. */
  readonly contentHash: string
  /** Of the vector that it brings. */
  readonly dimension?: number | undefined
  /** Absent when nothing is to be stored, or it is prepared already. */
  readonly input?: ReadyDocument | undefined
  /** `input`, prepared ahead. */
  readonly put?: DocumentPut | undefined
}

export type ExportedRecord = BatchRecord & {readonly chunk: ExportedChunk}

/** A record that an export wrote: a part of a document. */
export interface ReadExported {
  readonly kind: 'exported'
  readonly place: BatchPlace
  readonly batch: number
  readonly record: ExportedRecord
}

export type ReadItem = ReadFault | ReadChunk | ReadExported

/**
 * What comes of a file: its records in their order; the headers of batches, by their number, before the records of these; and how many
 * records there are in all, as far as it is known.
 */
export type ReadEvent =
  | {readonly kind: 'headers'; readonly headers: Headers; readonly expected: number}
  | {readonly kind: 'items'; readonly items: readonly ReadItem[]}

/** How the records of a call are read. */
export interface ReadRules {
  /** Leave their vectors out. */
  readonly reembed: boolean
  /** Nothing is to be stored: documents are not made. */
  readonly dryRun: boolean
  readonly pipeline: string
  readonly language?: string | undefined
  /** When the file is read. */
  readonly readAtMs: number
}

export type Headers = ReadonlyMap<number, BatchHeader>

export interface ReadTools {
  readonly digest: Digest
  /** Items are looked at only until the next are asked for: what they hold of vectors may then be of others. */
  readonly reuseBytes?: boolean | undefined
  /** Present where there is time to prepare ahead; asked before each document whether that is of use. */
  readonly ahead?:
    | {
        readonly prepare: (input: ReadyDocument) => Promise<DocumentPut>
        readonly isWanted: () => boolean
      }
    | undefined
}

/** Reads one opened file of records; all of it that needs no store. Same events on whichever thread. */
export type ReadRecords = (
  file: BatchFile,
  rules: ReadRules,
  signal: AbortSignal | undefined,
) => AsyncIterable<ReadEvent>

type ReadableFile = Pick<BatchFile, 'absolutePath' | 'isPacked' | 'read'>

/**
 * `ReadRecords` on the thread that calls it. Never throws for what is in the file. @throws RagError INPUT_UNREADABLE | BAD_INPUT (damaged
 * gzip or zstd) | INTERRUPTED; what was read before has then been handed over
 */
export async function* readRecords(
  tools: ReadTools,
  file: ReadableFile,
  rules: ReadRules,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadEvent> {
  const known = new KnownHeaders(file, signal)
  if (await file.isPacked()) yield await known.scan()
  const reader = new RecordReader(tools, {file, rules, headers: known.headers})
  let sinceTurn = 0
  for await (const group of readBatchGroups(file.read(signal), {reuseBytes: tools.reuseBytes === true})) {
    sinceTurn += group.length
    if (sinceTurn >= TURN_RECORDS) {
      sinceTurn = 0
      await nextTurn()
    }
    const items: ReadItem[] = []
    for (const item of group) {
      const found = item.kind === 'start' ? await known.starts(item) : undefined
      if (found) yield found
      if (item.kind === 'record' || item.kind === 'fault') items.push(await reader.read(item))
    }
    if (items.length > 0) yield {kind: 'items', items}
  }
}

/** After so many records the event loop turns: a file of small ones is read in one go else, and no signal is heard meanwhile. */
const TURN_RECORDS = 4096

const NO_HEADER: BatchHeader = {}

/** The header of the batch that a record stands in, as far as it is known. */
export const headerOf = (headers: Headers, batch: number): BatchHeader => headers.get(batch) ?? NO_HEADER

type Start = Extract<BatchItem, {kind: 'start'}>

/** Headers as they are met; where one stands behind its records, the whole file is gone through first. */
class KnownHeaders {
  readonly headers = new Map<number, BatchHeader>()
  readonly #file: ReadableFile
  readonly #signal: AbortSignal | undefined
  #isScanned = false
  #expected = 0

  constructor(file: ReadableFile, signal: AbortSignal | undefined) {
    this.#file = file
    this.#signal = signal
  }

  async scan(): Promise<ReadEvent> {
    const {headers, records} = await scanBatch(this.#file, this.#signal)
    this.#isScanned = true
    for (const [batch, header] of headers) this.headers.set(batch, header)
    return {kind: 'headers', headers, expected: records}
  }

  /** What is new, before the records that begin are read. */
  async starts({batch, claimed, fields}: Start): Promise<ReadEvent | undefined> {
    if (this.#isScanned) return undefined
    if (!fields) return this.scan()
    this.#expected += claimed
    if (this.headers.size >= MAX_HEADERS) return undefined
    const header = decodeHeader(fields)
    this.headers.set(batch, header)
    return {kind: 'headers', headers: new Map([[batch, header]]), expected: this.#expected}
  }
}

class RecordReader {
  readonly #tools: ReadTools
  readonly #file: ReadableFile
  readonly #rules: ReadRules
  readonly #headers: Headers

  constructor(
    tools: ReadTools,
    {
      file,
      rules,
      headers,
    }: {readonly file: ReadableFile; readonly rules: ReadRules; readonly headers: Headers},
  ) {
    this.#tools = tools
    this.#file = file
    this.#rules = rules
    this.#headers = headers
  }

  async read(item: Extract<BatchItem, {kind: 'record' | 'fault'}>): Promise<ReadItem> {
    if (item.kind === 'fault') return item
    const {place, batch} = item
    try {
      const record = this.#taken(decodeRecord(item.fields, headerOf(this.#headers, batch)))
      if (isExported(record)) return {kind: 'exported', place, batch, record}
      return await this.#chunk(record, place, batch)
    } catch (error) {
      if (!isAbout(error, 'record')) throw error
      return {kind: 'fault', place, error, goesOn: true}
    }
  }

  #taken(record: BatchRecord): BatchRecord {
    const {embedding} = record
    return embedding && (this.#rules.reembed || isPlaceholder(embedding)) ? withoutVector(record) : record
  }

  async #chunk(record: BatchRecord, place: BatchPlace, batch: number): Promise<ReadChunk> {
    const {digest, ahead} = this.#tools
    const {pipeline, language, dryRun, readAtMs} = this.#rules
    const hash = contentHashOf(record, digest)
    const text = asStored(record.text)
    const isHashed = text === record.text && record.metadata['content_hash'] === undefined
    const contentHash = isHashed ? hash : digest.sha256(text)
    // What only some have comes at the end: a copy with one more member would have a shape of its own, slow to make and slow to read.
    const chunk = (made: Pick<ReadChunk, 'put' | 'input'>): ReadChunk => ({
      kind: 'chunk',
      place,
      batch,
      hash,
      contentHash,
      ...made,
      ...(record.embedding ? {dimension: record.embedding.length} : {}),
    })
    if (dryRun) return chunk({})
    const input = recordDocument(
      {...record, text},
      {hash, contentHash},
      {
        file: this.#file.absolutePath,
        header: headerOf(this.#headers, batch),
        pipeline,
        readAtMs,
        ...(language === undefined ? {} : {language}),
      },
    )
    return chunk(ahead?.isWanted() ? {put: await ahead.prepare(input)} : {input})
  }
}

const isExported = (record: BatchRecord): record is ExportedRecord => record.chunk !== undefined

/** Zeros have no direction: elsewhere, too, they stand for a vector that is missing. */
const isPlaceholder = (vector: Float32Array): boolean => vector.every((one) => one === 0)

function withoutVector({text, metadata, source, batchTag, chunk}: BatchRecord): BatchRecord {
  return {
    text,
    metadata,
    ...(source === undefined ? {} : {source}),
    ...(batchTag === undefined ? {} : {batchTag}),
    ...(chunk ? {chunk} : {}),
  }
}
