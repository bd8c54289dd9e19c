import {decodeRecord} from '../codec/decode-record.js'
import {readBatch, type BatchItem, type BatchPlace} from '../codec/read-batch.js'
import type {BatchHeader, BatchRecord} from '../model/batch-record.js'
import {RagError, reasonOf} from '../model/errors.js'
import type {InputFailure} from '../model/ingest.js'
import type {ReplayFileReport} from '../model/replay.js'
import type {BatchFile} from '../ports/batch-files.js'
import {contentHashOf} from './content-hash.js'
import {ExportedDocuments} from './exported-document.js'
import {asStored, recordDocument} from './record-document.js'
import type {
  ContentKey,
  ReadyInput,
  ReplayCall,
  ReplayRules,
  ReplayTarget,
  ReplayTools,
} from './replay-tools.js'
import {surveyBatch, type BatchSurvey} from './survey-batch.js'

/** Records that are compared with the store in one query. */
const GROUP = 1000

/** What is shared by all files of a call. */
export interface ReplaySet {
  readonly target: ReplayTarget
  readonly rules: ReplayRules
  /** Content hashes that were met before, in whichever file. */
  readonly seen: Set<string>
}

type Counts = {-readonly [K in 'records' | 'inserted' | 'skipped' | 'duplicates' | 'failed']: number}

export interface ReplayedFile extends ReplayFileReport {
  /** Of the file when it was opened. */
  readonly sizeBytes: number
  readonly mtimeMs: number
  readonly failures: readonly InputFailure[]
}

/**
 * Loads one opened file. Records with a fault are named and the rest is taken, unless `strict`; what is committed when it returns is
 * durable. @throws RagError of the store or disk; INTERRUPTED never: an interrupt shows in `signal`
 */
export async function replayFile(
  tools: ReplayTools,
  file: BatchFile,
  set: ReplaySet,
  call: ReplayCall,
): Promise<ReplayedFile> {
  const run = new FileRun(tools, file, set)
  await run.all(call)
  return run.report()
}

class FileRun {
  readonly #tools: ReplayTools
  readonly #file: BatchFile
  readonly #set: ReplaySet
  readonly #counts: Counts = {records: 0, inserted: 0, skipped: 0, duplicates: 0, failed: 0}
  readonly #failures: InputFailure[] = []
  readonly #exported = new ExportedDocuments()
  #survey: BatchSurvey = {headers: new Map(), records: 0}
  #group: {readonly input: ReadyInput; readonly key: ContentKey | undefined; readonly records: number}[] = []
  /** Records that were handed to the sink and not yet counted. */
  #waiting = 0
  #isStopped = false

  constructor(tools: ReplayTools, file: BatchFile, set: ReplaySet) {
    this.#tools = tools
    this.#file = file
    this.#set = set
  }

  async all(call: ReplayCall): Promise<void> {
    try {
      this.#survey = await surveyBatch(this.#file, call.signal)
      await this.#records(call)
      if (!this.#isStopped) this.#finishExported()
      await this.#flush()
      if (await this.#file.hasChanged()) this.#fail(changed())
    } catch (error) {
      if (!isFileFault(error)) throw error
      if (error.code === 'INTERRUPTED') this.#isStopped = true
      else this.#fail(error)
      await this.#flush()
    }
  }

  report(): ReplayedFile {
    const [first] = this.#failures
    const {records, failed} = this.#counts
    return {
      file: this.#file.path,
      sizeBytes: this.#file.sizeBytes,
      mtimeMs: this.#file.mtimeMs,
      ...this.#counts,
      ...(first ? {error: {code: first.code, message: first.message}} : {}),
      whole: failed === 0 && first === undefined && !this.#isStopped && records === this.#survey.records,
      failures: this.#failures,
    }
  }

  async #records(call: ReplayCall): Promise<void> {
    for await (const item of readBatch(this.#file.read(call.signal))) {
      if (call.signal?.aborted) {
        this.#isStopped = true
        return
      }
      if (item.kind !== 'header') await this.#item(item)
      if (this.#isStopped) return
      const {records} = this.#counts
      if (records % GROUP === 0)
        call.onProgress?.({phase: 'read', done: records, total: this.#survey.records, unit: 'records'})
    }
  }

  async #item(item: Exclude<BatchItem, {kind: 'header'}>): Promise<void> {
    if (item.kind === 'fault' && !item.goesOn) {
      this.#fail(located(item.place, item.error))
      this.#isStopped ||= this.#set.rules.strict
      return
    }
    this.#counts.records++
    try {
      if (item.kind === 'fault') throw item.error
      await this.#record(decodeRecord(item.fields), this.#survey.headers.get(item.batch) ?? {})
    } catch (error) {
      if (!isRecordFault(error)) throw error
      this.#counts.failed++
      this.#fail(located(item.place, error))
      this.#isStopped ||= this.#set.rules.strict
    }
  }

  async #record(record: BatchRecord, header: BatchHeader): Promise<void> {
    const {rules, target, seen} = this.#set
    const vector = rules.reembed || hasPlaceholder(record) ? undefined : record.embedding
    if (vector && isReal(record)) await this.#tools.acceptVectors(header, vector.length)
    const taken = vector ? record : withoutVector(record)
    if (taken.chunk) return this.#exportedRecord(taken as BatchRecord & Required<Pick<BatchRecord, 'chunk'>>)
    const hash = contentHashOf(taken, this.#tools.digest)
    if (seen.has(hash)) {
      this.#counts.duplicates++
      return
    }
    seen.add(hash)
    const input = recordDocument(taken, hash, {
      file: this.#file.absolutePath,
      header,
      readAtMs: this.#tools.clock.now(),
      pipeline: target.pipeline,
      ...(target.language === undefined ? {} : {language: target.language}),
    })
    const key = {docId: hash, contentHash: this.#tools.digest.sha256(asStored(taken.text))}
    await this.#add({input, key, records: 1})
  }

  async #exportedRecord(record: BatchRecord & Required<Pick<BatchRecord, 'chunk'>>): Promise<void> {
    const before = this.#exported.open
    try {
      const input = this.#exported.take(record)
      if (input) await this.#add({input, key: undefined, records: Math.max(1, record.chunk.of)})
    } catch (error) {
      if (isRecordFault(error)) this.#counts.failed += before
      throw error
    }
  }

  #finishExported(): void {
    const {open} = this.#exported
    try {
      this.#exported.finish()
    } catch (error) {
      if (!isRecordFault(error)) throw error
      this.#counts.failed += open
      this.#fail(error)
    }
  }

  async #add(one: {input: ReadyInput; key: ContentKey | undefined; records: number}): Promise<void> {
    this.#group.push(one)
    if (this.#group.length >= GROUP) await this.#storeGroup()
  }

  /** Those that are to be stored, in order. One query tells what is there already. */
  async #storeGroup(): Promise<void> {
    const group = this.#group
    this.#group = []
    const {target, rules} = this.#set
    const keys = rules.skipExisting ? group.flatMap(({key}) => key ?? []) : []
    const known =
      keys.length > 0 && target.corpusId !== undefined
        ? await this.#tools.store.knownContent(target.corpusId, keys)
        : new Set<string>()
    for (const {input, key, records} of group) {
      if (key && known.has(key.docId)) this.#counts.skipped++
      else if (target.sink) await this.#put(target.sink, input, records)
      else this.#counts.inserted += records
    }
  }

  async #put(sink: NonNullable<ReplayTarget['sink']>, input: ReadyInput, records: number): Promise<void> {
    await sink.put(await this.#tools.prepare(input))
    if (input.chunks.length === 0) this.#counts.inserted += records
    else this.#waiting += records
  }

  /** What the store found unchanged was there already. */
  async #flush(): Promise<void> {
    await this.#storeGroup()
    const {sink} = this.#set.target
    if (!sink) return
    await sink.flush()
    const stored = sink.takeStored()
    this.#counts.inserted += stored
    this.#counts.skipped += this.#waiting - stored
    this.#waiting = 0
  }

  #fail(error: RagError): void {
    if (this.#failures.length < 1000)
      this.#failures.push({source: this.#file.path, code: error.code, message: error.message})
  }
}

function withoutVector({text, metadata, source, batchTag, chunk}: BatchRecord): BatchRecord {
  return {
    text,
    metadata,
    ...(source === undefined ? {} : {source}),
    ...(batchTag === undefined ? {} : {batchTag}),
    ...(chunk ? {chunk} : {}),
  }
}

/** Zeros have no direction: elsewhere, too, they stand for a vector that is missing. */
const hasPlaceholder = ({embedding}: BatchRecord): boolean => embedding?.every((one) => one === 0) === true

const isReal = ({chunk}: BatchRecord): boolean => chunk === undefined || chunk.vector === 'dense'

/** Faults of one record, as against those of the file, the store or the disk. */
function isRecordFault(error: unknown): error is RagError {
  return error instanceof RagError && RECORD_FAULTS.has(error.code)
}

const RECORD_FAULTS: ReadonlySet<string> = new Set(['BAD_INPUT', 'BAD_VECTOR', 'DIMENSION_MISMATCH'])

function isFileFault(error: unknown): error is RagError {
  return error instanceof RagError && FILE_FAULTS.has(error.code)
}

/** Faults of a file, which leave the others to be loaded. */
export const FILE_FAULTS: ReadonlySet<string> = new Set([
  'BAD_INPUT',
  'INPUT_MISSING',
  'INPUT_UNREADABLE',
  'TOO_LARGE',
  'BATCH_DAMAGED',
  'MODEL_MISMATCH',
  'INTERRUPTED',
])

function located({record, offset}: BatchPlace, error: RagError): RagError {
  const why = reasonOf(error)
  return new RagError(error.code, `record ${record} at byte ${offset}: ${why}${why.endsWith('.') ? '' : '.'}`)
}

const changed = (): RagError =>
  new RagError(
    'BAD_INPUT',
    `The file was written to while it was read; what was whole was taken in. Load it again when it is complete.`,
  )
