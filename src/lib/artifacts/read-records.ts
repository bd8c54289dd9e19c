import {decodeRecord} from '../codec/decode-record.js'
import {readBatchGroups, type BatchItem, type BatchPlace} from '../codec/read-batch.js'
import type {DocumentPut} from '../model/batch.js'
import type {BatchHeader, BatchRecord, ExportedChunk} from '../model/batch-record.js'
import {RagError} from '../model/errors.js'
import type {BatchFile} from '../ports/batch-files.js'
import type {Digest} from '../ports/surroundings.js'
import {contentHashOf} from './content-hash.js'
import {asStored, recordDocument} from './record-document.js'
import type {ReadyInput} from './ready-input.js'
import {surveyBatch, type BatchSurvey} from './survey-batch.js'

/** A record that can't be taken (`goesOn`), or the end of what can be read of a file. */
export interface ReadFault {
  readonly kind: 'fault'
  readonly place: BatchPlace
  readonly error: RagError
  readonly goesOn: boolean
}

/** A record of someone else's, and the document that it becomes, should the store have no better. */
export interface ReadPassage {
  readonly kind: 'passage'
  readonly place: BatchPlace
  /** Of the batch in the file whose header it has. */
  readonly batch: number
  readonly hash: string
  /** SHA-256 of the text as it is stored. */
  readonly contentHash: string
  /** Of the vector that it brings. */
  readonly dimension?: number
  /** Absent when nothing is to be stored, or it is prepared already. */
  readonly input?: ReadyInput
  /** `input`, prepared ahead. */
  readonly put?: DocumentPut
}

export type ExportedRecord = BatchRecord & {readonly chunk: ExportedChunk}

/** A record that an export wrote: a part of a document. */
export interface ReadExported {
  readonly kind: 'exported'
  readonly place: BatchPlace
  readonly batch: number
  readonly record: ExportedRecord
}

export type ReadItem = ReadFault | ReadPassage | ReadExported

/** What comes of a file: what it holds in all, then its records in their order. */
export type ReadEvent =
  | {readonly kind: 'survey'; readonly survey: BatchSurvey}
  | {readonly kind: 'items'; readonly items: readonly ReadItem[]}

/** How the records of a call are read. */
export interface ReadRules {
  /** Leave their vectors out. */
  readonly reembed: boolean
  /** Nothing is to be stored: documents are not made. */
  readonly dryRun: boolean
  readonly pipeline: string
  readonly language?: string
  /** When the file is read. */
  readonly readAtMs: number
}

export interface ReadTools {
  readonly digest: Digest
  /** Present where there is time to prepare ahead; asked before each document whether that is of use. */
  readonly ahead?: {
    readonly prepare: (input: ReadyInput) => Promise<DocumentPut>
    readonly isWanted: () => boolean
  }
}

/** Reads one opened file of records; all of it that needs no store. Same events on whichever thread. */
export type ReadRecords = (
  file: BatchFile,
  rules: ReadRules,
  signal: AbortSignal | undefined,
) => AsyncIterable<ReadEvent>

type ReadableFile = Pick<BatchFile, 'absolutePath' | 'read'>

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
  const survey = await surveyBatch(file, signal)
  yield {kind: 'survey', survey}
  const reader = new RecordReader(tools, {file, rules, survey})
  for await (const group of readBatchGroups(file.read(signal))) {
    const items: ReadItem[] = []
    for (const item of group) if (item.kind !== 'header') items.push(await reader.read(item))
    if (items.length > 0) yield {kind: 'items', items}
  }
}

const NO_HEADER: BatchHeader = {}

/** The header of the batch that a record stands in, as far as it is known. */
export const headerOf = ({headers}: BatchSurvey, batch: number): BatchHeader =>
  headers.get(batch) ?? NO_HEADER

class RecordReader {
  readonly #tools: ReadTools
  readonly #file: ReadableFile
  readonly #rules: ReadRules
  readonly #survey: BatchSurvey

  constructor(
    tools: ReadTools,
    {
      file,
      rules,
      survey,
    }: {readonly file: ReadableFile; readonly rules: ReadRules; readonly survey: BatchSurvey},
  ) {
    this.#tools = tools
    this.#file = file
    this.#rules = rules
    this.#survey = survey
  }

  async read(item: Exclude<BatchItem, {kind: 'header'}>): Promise<ReadItem> {
    if (item.kind === 'fault') return item
    const {place, batch} = item
    try {
      const record = this.#taken(decodeRecord(item.fields))
      if (isExported(record)) return {kind: 'exported', place, batch, record}
      return await this.#passage(record, place, batch)
    } catch (error) {
      if (!isRecordFault(error)) throw error
      return {kind: 'fault', place, error, goesOn: true}
    }
  }

  #taken(record: BatchRecord): BatchRecord {
    const {embedding} = record
    return embedding && (this.#rules.reembed || isPlaceholder(embedding)) ? withoutVector(record) : record
  }

  async #passage(record: BatchRecord, place: BatchPlace, batch: number): Promise<ReadPassage> {
    const {digest, ahead} = this.#tools
    const {pipeline, language, dryRun, readAtMs} = this.#rules
    const hash = contentHashOf(record, digest)
    const text = asStored(record.text)
    const isHashed = text === record.text && record.metadata['content_hash'] === undefined
    const contentHash = isHashed ? hash : digest.sha256(text)
    const known = {kind: 'passage', place, batch, hash, contentHash, ...dimensionOf(record)} as const
    if (dryRun) return known
    const input = recordDocument(
      {...record, text},
      {hash, contentHash},
      {
        file: this.#file.absolutePath,
        header: headerOf(this.#survey, batch),
        pipeline,
        readAtMs,
        ...(language === undefined ? {} : {language}),
      },
    )
    return ahead?.isWanted() ? {...known, put: await ahead.prepare(input)} : {...known, input}
  }
}

const dimensionOf = ({embedding}: BatchRecord): {dimension?: number} =>
  embedding ? {dimension: embedding.length} : {}

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

/** Faults of one record, as against those of the file, the store or the disk. */
export function isRecordFault(error: unknown): error is RagError {
  return error instanceof RagError && RECORD_FAULTS.has(error.code)
}

const RECORD_FAULTS: ReadonlySet<string> = new Set(['BAD_INPUT', 'BAD_VECTOR', 'DIMENSION_MISMATCH'])
