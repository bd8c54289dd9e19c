import {badBatch, badRecord} from '../model/errors/files/batch.js'
import {RagError, reasonOf} from '../model/errors/rag-error.js'
import {LIMITS} from '../model/input/limits.js'
import {ByteCopies} from './byte-copies.js'
import {ByteWindow} from './byte-window.js'
import {decodeValue, type Decoded, type DecodedMap} from './decode-value.js'
import {NEEDS_MORE, NeverUsedByte, scanValue} from './scan-value.js'

/** Where something stands in a file: the record's number, from 1, and the offset of its first byte (after decompression). */
export interface BatchPlace {
  readonly record: number
  readonly offset: number
}

/**
 * What comes out of a file, in order. `start`: records of a batch follow, as many as it claims; its other fields, when all of them stood
 * before. `header`: the fields of a batch beside its records, once all are known, which may be after the
 * records; `batch` counts the maps of a file from 0. `fault`: a record that can't be decoded (`goesOn`), or the end of what can be read.
 */
export type BatchItem =
  | {readonly kind: 'start'; readonly batch: number; readonly claimed: number; readonly fields?: DecodedMap}
  | {readonly kind: 'record'; readonly place: BatchPlace; readonly batch: number; readonly fields: DecodedMap}
  | {readonly kind: 'header'; readonly batch: number; readonly fields: DecodedMap}
  | {readonly kind: 'fault'; readonly place: BatchPlace; readonly error: RagError; readonly goesOn: boolean}

export interface ReadBatchOptions {
  /** Most bytes of one record or header field. */
  readonly maxValueBytes?: number
  /** Say where records are without decoding them: `fields` are then empty. */
  readonly withoutRecords?: boolean
  /** Bytes in the fields of a record are looked at only until the next group is asked for: they then may be others. */
  readonly reuseBytes?: boolean
}

const GROUP = 256

/**
 * Reads a MessagePack batch record by record: `{…, records: […], …}`, a bare array of records, records one after the other, or several of
 * these in one file. Memory is bounded by the largest record. A file that breaks off gives every whole record before the break, then a
 * fault that does not go on. Never throws for what the file holds. @throws RagError INTERRUPTED as `chunks` does
 */
export async function* readBatch(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadBatchOptions = {},
): AsyncGenerator<BatchItem> {
  for await (const items of readBatchGroups(chunks, options)) yield* items
}

/** As `readBatch`, but hands over together what lies in memory together, at most 256 items: much is read without waiting for each. */
export async function* readBatchGroups(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadBatchOptions = {},
): AsyncGenerator<readonly BatchItem[]> {
  const reader = new BatchReader(new ByteWindow(chunks, options.maxValueBytes ?? LIMITS.valueBytes), options)
  try {
    yield* reader.groups()
  } finally {
    await reader.close()
  }
}

/** The file can't be read past this place. */
class Broken extends Error {
  readonly offset: number

  constructor(offset: number, why: string) {
    super(why)
    this.offset = offset
  }
}

/** A map at the top level, as far as it was read. */
interface OpenMap {
  readonly fields: Map<string, Decoded>
  hasRecords: boolean
  readonly offset: number
}

class BatchReader {
  readonly #window: ByteWindow
  readonly #withoutRecords: boolean
  readonly #copies: ByteCopies
  #records = 0
  #batch = -1

  constructor(window: ByteWindow, {withoutRecords = false, reuseBytes = false}: ReadBatchOptions) {
    this.#copies = new ByteCopies(reuseBytes)
    this.#window = window
    this.#withoutRecords = withoutRecords
  }

  close(): Promise<void> {
    return this.#window.close()
  }

  async *groups(): AsyncGenerator<readonly BatchItem[]> {
    try {
      if (!(await this.#hasMore())) throw new Broken(0, 'the file is empty')
      while (await this.#hasMore()) yield* this.#topLevel()
    } catch (error) {
      yield [this.#last(error)]
    }
  }

  #last(error: unknown): BatchItem {
    const offset = error instanceof Broken ? error.offset : this.#window.offset
    // Whoever was stopped has not seen the end of the file, and must not take what was read for all of it.
    if (error instanceof RagError && error.code === 'INTERRUPTED') throw error
    if (!(error instanceof Broken) && !(error instanceof RagError)) throw error
    const shown = error instanceof Broken ? badBatch(error.message) : error
    return {kind: 'fault', place: {record: this.#records + 1, offset}, error: shown, goesOn: false}
  }

  async #hasMore(): Promise<boolean> {
    return this.#window.start < this.#window.end || (await this.#window.more())
  }

  async *#topLevel(): AsyncGenerator<readonly BatchItem[]> {
    this.#batch++
    const {offset} = this.#window
    const head = await this.#head()
    if (head.kind === 'array') {
      yield [{kind: 'start', batch: this.#batch, claimed: head.count, fields: NO_FIELDS}]
      return yield* this.#elements(head.count)
    }
    if (head.kind === 'map') return yield* this.#batchMap(head.count, offset)
    throw new Broken(
      offset,
      'it is neither a batch (a map) nor records (an array): not MessagePack, or of another kind',
    )
  }

  /** Steps over the head of an array or map; of anything else says only that. */
  async #head(): Promise<{kind: 'array' | 'map'; count: number} | {kind: 'other'}> {
    const {offset} = this.#window
    const tag = this.#window.bytes[this.#window.start]!
    const lengthBytes = lengthOfHead(tag)
    if (lengthBytes === undefined) return {kind: 'other'}
    while (this.#window.end - this.#window.start <= lengthBytes)
      if (!(await this.#window.more())) throw new Broken(offset, 'the file breaks off')
    const {view, start} = this.#window
    this.#window.moveTo(start + 1 + lengthBytes)
    const isMap = tag <= 0x8f || tag >= 0xde
    if (lengthBytes === 0) return {kind: isMap ? 'map' : 'array', count: tag & 0x0f}
    const count = lengthBytes === 2 ? view.getUint16(start + 1) : view.getUint32(start + 1)
    return {kind: isMap ? 'map' : 'array', count}
  }

  async *#elements(count: number): AsyncGenerator<readonly BatchItem[]> {
    let group: BatchItem[] = []
    for (let i = 0; i < count; i++) {
      let end = this.#scanned()
      if (end === NEEDS_MORE || group.length === GROUP) {
        if (group.length > 0) yield group
        group = []
        this.#copies.reuse()
      }
      if (end === NEEDS_MORE) end = await this.#wholeValue(`after ${i} of ${count} records`)
      group.push(this.#record(end))
    }
    if (group.length > 0) yield group
  }

  #record(end: number): BatchItem {
    const {bytes, view, start, offset} = this.#window
    this.#window.moveTo(end)
    const place = {record: ++this.#records, offset}
    const item = this.#withoutRecords
      ? {fields: NO_FIELDS}
      : asRecord(() => decodeValue({bytes, view}, start, this.#copies))
    return 'error' in item
      ? {kind: 'fault', place, error: item.error, goesOn: true}
      : {kind: 'record', place, batch: this.#batch, fields: item.fields}
  }

  /** A map of fields; one without `records` that has a `text` is a record itself. */
  async *#batchMap(count: number, offset: number): AsyncGenerator<readonly BatchItem[]> {
    const map = {fields: new Map<string, Decoded>(), hasRecords: false, offset}
    try {
      for (let i = 0; i < count; i++) yield* this.#entry(map, i === count - 1)
    } catch (error) {
      // What is known of the batch by then holds for the records before the break.
      if (map.hasRecords) yield [{kind: 'header', batch: this.#batch, fields: map.fields}]
      throw error
    }
    yield [this.#endOfMap(map)]
  }

  async *#entry(map: OpenMap, isLast: boolean): AsyncGenerator<readonly BatchItem[]> {
    const raw = await this.#field('a key')
    const key = typeof raw === 'number' || typeof raw === 'bigint' ? String(raw) : raw
    if (typeof key !== 'string') throw new Broken(map.offset, 'a key of the batch is no text')
    if (map.fields.has(key) || (key === 'records' && map.hasRecords))
      throw new Broken(map.offset, `the key "${key.slice(0, 80)}" stands twice`)
    if (key !== 'records' || !(await this.#isArray())) {
      map.fields.set(key, await this.#field(`the value of "${key.slice(0, 80)}"`))
      return
    }
    map.hasRecords = true
    const head = await this.#head()
    if (head.kind !== 'array') return
    const known = isLast ? {fields: map.fields} : {}
    yield [{kind: 'start', batch: this.#batch, claimed: head.count, ...known}]
    yield* this.#elements(head.count)
  }

  #endOfMap({fields, hasRecords, offset}: OpenMap): BatchItem {
    if (hasRecords) return {kind: 'header', batch: this.#batch, fields}
    const place = {record: ++this.#records, offset}
    if (fields.has('records'))
      return {kind: 'fault', place, error: badRecord('its "records" are not an array'), goesOn: true}
    // Also for whoever only wants to know where records are: a file may be millions of empty maps.
    if (!fields.has('text')) return {kind: 'fault', place, error: badRecord('it has no "text"'), goesOn: true}
    return {kind: 'record', place, batch: this.#batch, fields}
  }

  async #isArray(): Promise<boolean> {
    if (!(await this.#hasMore())) return false
    const tag = this.#window.bytes[this.#window.start]!
    return (tag >= 0x90 && tag <= 0x9f) || tag === 0xdc || tag === 0xdd
  }

  async #field(what: string): Promise<Decoded> {
    const {offset} = this.#window
    const end = await this.#wholeValue(`in ${what} of the batch`)
    const {bytes, view, start} = this.#window
    this.#window.moveTo(end)
    try {
      const value = decodeValue({bytes, view}, start)
      return value instanceof Uint8Array && what === 'a key' ? Buffer.from(value).toString('latin1') : value
    } catch (error) {
      throw new Broken(offset, `${what} of the batch can't be read: ${reasonOf(error)}`)
    }
  }

  /** Where the value at the window's start ends, when it is whole in there; else, and for a damaged one, `NEEDS_MORE`. */
  #scanned(): number {
    const {bytes, view, start, end} = this.#window
    try {
      return scanValue(bytes, view, start, end)
    } catch (error) {
      if (error instanceof NeverUsedByte) return NEEDS_MORE
      throw error
    }
  }

  /** The place in `bytes` where the value at the window's start ends. */
  async #wholeValue(where: string): Promise<number> {
    const {offset} = this.#window
    try {
      for (;;) {
        const {bytes, view, start, end} = this.#window
        const next = scanValue(bytes, view, start, end)
        if (next !== NEEDS_MORE) return next
        if (!(await this.#window.more()))
          throw new Broken(
            offset,
            `the file breaks off ${where}, at byte ${this.#window.seen}: it was cut, or claims more than it has`,
          )
      }
    } catch (error) {
      if (error instanceof NeverUsedByte)
        throw new Broken(offset + error.place - this.#window.start, `damaged ${where}: ${error.message}`)
      throw error
    }
  }
}

/** How many bytes after the tag tell the count of an array or map. */
function lengthOfHead(tag: number): number | undefined {
  if (tag >= 0x80 && tag <= 0x9f) return 0
  if (tag === 0xdc || tag === 0xde) return 2
  return tag === 0xdd || tag === 0xdf ? 4 : undefined
}

const NO_FIELDS: DecodedMap = new Map()

function asRecord(decode: () => Decoded): {fields: DecodedMap} | {error: RagError} {
  try {
    const fields = decode()
    return fields instanceof Map ? {fields} : {error: badRecord('it is not a map')}
  } catch (error) {
    if (error instanceof RagError) return {error}
    throw error
  }
}
