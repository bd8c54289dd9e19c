import type {BatchHeader} from '../model/batch-record.js'
import {atRecord, changedWhileRead, tooManyFaults} from '../model/errors/files/batch.js'
import type {BatchPlace} from '../codec/read-batch.js'
import {isHopeless} from './reading/scan-batch.js'
import {isAbout} from '../model/errors/questions.js'
import type {RagError} from '../model/errors/rag-error.js'
import type {InputFailure} from '../model/operations/ingest.js'
import type {ReplayFileReport} from '../model/operations/replay.js'
import type {BatchFile} from '../ports/files/batch-files.js'
import type {ContentHashes} from './reading/content-hashes.js'
import {ExportedDocuments} from './exported-document.js'
import {headerOf, type ExportedRecord, type ReadItem, type ReadChunk} from './reading/read-records.js'
import {GROUP, RecordWriter} from './record-writer.js'
import type {ReplayCall, ReplayRules, ReplayTarget, ReplayTools} from './replay-tools.js'

/** What is shared by all files of a call. */
export interface ReplaySet {
  readonly target: ReplayTarget
  readonly rules: ReplayRules
  /** Content hashes that were met before, in whichever file. */
  readonly seen: ContentHashes
}

type Counts = {-readonly [K in 'records' | 'duplicates' | 'failed']: number}

export interface ReplayedFile extends ReplayFileReport {
  /** Of the file when it was opened. */
  readonly sizeBytes: number
  readonly mtimeMs: number
  /** An export wrote it: its head says of which corpus it is. */
  readonly isExported: boolean
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
  readonly #counts: Counts = {records: 0, duplicates: 0, failed: 0}
  readonly #writer: RecordWriter
  readonly #failures: InputFailure[] = []
  readonly #exported = new ExportedDocuments()
  readonly #headers = new Map<number, BatchHeader>()
  /** Records of the file, as far as it is known. */
  #expected = 0
  /** Header and dimension of vectors that were accepted last: most records share them. */
  #accepted: {readonly header: BatchHeader; readonly dimension: number} | undefined
  #isStopped = false

  constructor(tools: ReplayTools, file: BatchFile, set: ReplaySet) {
    this.#tools = tools
    this.#file = file
    this.#set = set
    this.#writer = new RecordWriter(tools, set)
  }

  async all(call: ReplayCall): Promise<void> {
    try {
      await this.#records(call)
      if (!this.#isStopped) this.#finishExported()
      await this.#writer.flush()
      if (await this.#file.hasChanged()) this.#fail(changedWhileRead())
    } catch (error) {
      if (!isAbout(error, 'batch')) throw error
      if (error.code === 'INTERRUPTED') this.#isStopped = true
      else {
        this.#fail(error)
        this.#counts.failed += this.#exported.open
      }
      await this.#writer.flush()
    }
  }

  report(): ReplayedFile {
    const [first] = this.#failures
    const {failed} = this.#counts
    return {
      file: this.#file.path,
      sizeBytes: this.#file.sizeBytes,
      mtimeMs: this.#file.mtimeMs,
      isExported: [...this.#headers.values()].some(({origin}) => origin !== undefined),
      ...this.#counts,
      ...this.#writer.counts,
      ...(first ? {error: {code: first.code, message: first.message}} : {}),
      whole: failed === 0 && first === undefined && !this.#isStopped,
      failures: this.#failures,
    }
  }

  async #records(call: ReplayCall): Promise<void> {
    const {rules, target} = this.#set
    const {pipeline, language} = target
    const how = {
      reembed: rules.reembed,
      dryRun: !target.sink,
      pipeline,
      readAtMs: this.#tools.clock.now(),
      ...(language === undefined ? {} : {language}),
    }
    for await (const event of this.#tools.read(this.#file, how, call.signal)) {
      if (event.kind === 'items') await this.#items(event.items, call)
      else {
        this.#expected = event.expected
        for (const [batch, header] of event.headers) this.#headers.set(batch, header)
      }
      if (this.#isStopped) return
    }
    // A reader that was told to stop may end as one does that has read all.
    this.#isStopped ||= call.signal?.aborted === true
  }

  async #items(items: readonly ReadItem[], call: ReplayCall): Promise<void> {
    for (const item of items) {
      if (call.signal?.aborted) this.#isStopped = true
      if (this.#isStopped) return
      // Most need nothing that takes time, and to wait for each all the same costs more than the rest that is done for it here.
      if (item.kind === 'chunk' && this.#isAccepted(item)) {
        this.#counts.records++
        this.#take(item)
      } else await this.#item(item)
      if (this.#writer.isFull) await this.#writer.store()
      const {records} = this.#counts
      if (records > 0 && records % GROUP === 0 && !this.#isStopped)
        call.onProgress?.({
          phase: 'read',
          done: records,
          total: Math.max(records, this.#expected),
          unit: 'records',
        })
    }
  }

  async #item(item: ReadItem): Promise<void> {
    if (item.kind === 'fault' && !item.goesOn) {
      this.#fail(atRecord(item.place, item.error))
      this.#isStopped ||= this.#set.rules.strict
      return
    }
    this.#counts.records++
    try {
      await this.#record(item)
    } catch (error) {
      if (isAbout(error, 'record') || isAbout(error, 'batch')) this.#counts.failed++
      if (!isAbout(error, 'record')) throw error
      this.#fail(atRecord(item.place, error))
      this.#isStopped ||= this.#set.rules.strict
      if (isHopeless(this.#counts)) this.#giveUp(item.place)
    }
  }

  /** Says first what ended it, whatever is wrong with single records. */
  #giveUp(place: BatchPlace): void {
    const {records, failed} = this.#counts
    const {code, message} = atRecord(place, tooManyFaults(failed, records - failed))
    this.#failures.unshift({source: this.#file.path, code, message})
    this.#isStopped = true
  }

  #record(item: ReadItem): Promise<void> {
    switch (item.kind) {
      case 'fault':
        return Promise.reject(item.error)
      case 'chunk':
        return this.#chunk(item)
      case 'exported':
        return this.#exportedRecord(item.record, headerOf(this.#headers, item.batch))
    }
  }

  /** Vectors of its header and dimension were accepted before. */
  #isAccepted({batch, dimension}: ReadChunk): boolean {
    if (dimension === undefined) return true
    const {header, dimension: before} = this.#accepted ?? {}
    return before === dimension && header === headerOf(this.#headers, batch)
  }

  async #chunk(chunk: ReadChunk): Promise<void> {
    const {batch, dimension} = chunk
    if (dimension !== undefined) await this.#accept(headerOf(this.#headers, batch), dimension)
    this.#take(chunk)
  }

  #take({hash, contentHash, put, input}: ReadChunk): void {
    if (!this.#set.seen.add(hash)) {
      this.#counts.duplicates++
      return
    }
    const document = put ? {put} : input ? {input} : undefined
    const key = {docId: hash, contentHash}
    this.#writer.add(document ? {document, key, records: 1} : {key, records: 1})
  }

  async #exportedRecord(record: ExportedRecord, header: BatchHeader): Promise<void> {
    if (this.#exported.isCutOffBy(record)) this.#finishExported()
    if (this.#isStopped) return
    if (record.embedding && record.chunk.vector === 'dense')
      await this.#accept(header, record.embedding.length)
    const before = this.#exported.open
    try {
      const input = this.#exported.take(record)
      if (input) this.#writer.add({document: {input}, key: undefined, records: Math.max(1, record.chunk.of)})
    } catch (error) {
      if (isAbout(error, 'record')) this.#counts.failed += before
      throw error
    }
  }

  async #accept(header: BatchHeader, dimension: number): Promise<void> {
    if (this.#accepted?.header === header && this.#accepted.dimension === dimension) return
    await this.#tools.acceptVectors(header, dimension)
    this.#accepted = {header, dimension}
  }

  #finishExported(): void {
    const {open} = this.#exported
    try {
      this.#exported.finish()
    } catch (error) {
      if (!isAbout(error, 'record')) throw error
      this.#counts.failed += open
      this.#fail(error)
      this.#isStopped ||= this.#set.rules.strict
    }
  }

  #fail(error: RagError): void {
    if (this.#failures.length < 1000)
      this.#failures.push({source: this.#file.path, code: error.code, message: error.message})
  }
}
