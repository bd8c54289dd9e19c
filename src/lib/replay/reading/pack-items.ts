import type {BatchPlace} from '../../codec/read-batch.js'
import type {DocumentPut} from '../../model/batch.js'
import type {ErrorCode} from '../../model/errors/error-table.js'
import {ragErrorOf} from '../../model/errors/program/thread.js'
import type {Metadata} from '../../model/metadata.js'
import type {ExportedRecord, ReadFault, ReadItem, ReadChunk} from './read-records.js'
import type {ReadyDocument} from '../../model/ready-document.js'

/**
 * Items of a file in a form that costs little to hand to another thread: columns instead of objects, and the vectors of all in one buffer.
 * Runs in order, each of items of one kind.
 */
export type PackedItems = readonly (PackedChunks | PackedOthers)[]

/** Chunks that were prepared. */
interface PackedChunks {
  readonly kind: 'chunks'
  readonly pipeline: string
  readonly readAtMs?: number | undefined
  /** `TEXTS` of each. */
  readonly texts: readonly string[]
  /** `NUMBERS` of each: record, offset, batch, last line, tokens, numbers of its vector (0: none). */
  readonly numbers: Float64Array
  /** Of each, as one JSON text: parsing it costs less than handing the objects over. */
  readonly metadata: string
  readonly vectors: Float32Array
}

interface PackedOthers {
  readonly kind: 'others'
  readonly items: readonly (Exclude<ReadItem, ReadFault> | PackedFault)[]
}

/** A `RagError` would lose its class on the way. */
interface PackedFault {
  readonly kind: 'packed fault'
  readonly place: BatchPlace
  readonly goesOn: boolean
  readonly code: ErrorCode
  readonly message: string
}

const TEXTS = 10
/** In the place of a content hash that is the hash, and of a source that is the one before: no text is copied twice. */
const SAME = ''
const NUMBERS = 6
/** About what an item takes beside texts and vector. */
const ITEM_BYTES = 500

export interface Packing {
  readonly packed: PackedItems
  /** About how much memory it takes. */
  readonly bytes: number
  readonly transfer: readonly ArrayBuffer[]
}

type Prepared = ReadChunk & {readonly put: DocumentPut}

export function packItems(items: readonly ReadItem[]): Packing {
  const packed: (PackedChunks | PackedOthers)[] = []
  const transfer: ArrayBuffer[] = []
  for (const run of runsOf(items)) {
    const prepared = run.filter(isPrepared)
    if (prepared.length === 0) {
      packed.push({kind: 'others', items: run.map(packOther)})
      continue
    }
    const chunks = packChunks(prepared)
    packed.push(chunks)
    transfer.push(chunks.numbers.buffer as ArrayBuffer, chunks.vectors.buffer as ArrayBuffer)
  }
  return {packed, bytes: items.reduce((sum, item) => sum + sizeOf(item), 0), transfer}
}

export function unpackItems(packed: PackedItems): readonly ReadItem[] {
  return packed.flatMap((run): readonly ReadItem[] =>
    run.kind === 'chunks' ? unpackChunks(run) : run.items.map(unpackOther),
  )
}

/** One chunk each, as whoever wrote the record cut it. */
const isPrepared = (item: ReadItem): item is Prepared =>
  item.kind === 'chunk' && item.put?.chunks.length === 1

function runsOf(items: readonly ReadItem[]): readonly (readonly ReadItem[])[] {
  const runs: ReadItem[][] = []
  let last: boolean | undefined
  for (const item of items) {
    const is = isPrepared(item)
    if (is === last) runs.at(-1)!.push(item)
    else runs.push([item])
    last = is
  }
  return runs
}

function packChunks(items: readonly Prepared[]): PackedChunks {
  const texts: string[] = []
  const numbers = new Float64Array(items.length * NUMBERS)
  const vectors = new Float32Array(items.reduce((sum, {dimension = 0}) => sum + dimension, 0))
  let filled = 0
  let before: string | undefined
  items.forEach(({place, batch, hash, put}, i) => {
    const {docHash, language, title, source, chunks} = put
    const {text, contentHash, inputHash, terms, endLine, tokens, vector} = chunks[0]!
    texts.push(
      hash,
      contentHash === hash ? SAME : contentHash,
      docHash,
      inputHash,
      language,
      title,
      source.source === before ? SAME : source.source,
      text,
      terms.title,
      terms.body,
    )
    before = source.source
    const dimension = vector?.length ?? 0
    numbers.set([place.record, place.offset, batch, endLine, tokens, dimension], i * NUMBERS)
    if (vector) vectors.set(vector, filled)
    filled += dimension
  })
  const {pipeline = '', readAtMs} = items[0]!.put.source
  return {
    kind: 'chunks',
    pipeline,
    ...(readAtMs === undefined ? {} : {readAtMs}),
    texts,
    numbers,
    metadata: JSON.stringify(items.map(({put}) => put.metadata)),
    vectors,
  }
}

/**
 * What only some have is spread at the end of an object: spread before other members, it would give each object a shape of its own, slow to
 * make and slow to read ever after.
 */
function unpackChunks(packed: PackedChunks): readonly Prepared[] {
  const {pipeline, readAtMs, texts, numbers, vectors} = packed
  const reading = readAtMs === undefined ? {pipeline} : {pipeline, readAtMs}
  let used = 0
  let source = ''
  return (JSON.parse(packed.metadata) as readonly Metadata[]).map((metadata, i): Prepared => {
    const at = i * TEXTS
    const from = i * NUMBERS
    const hash = texts[at]!
    const contentHash = texts[at + 1]! || hash
    source = texts[at + 6]! || source
    const dimension = numbers[from + 5]!
    const vector = dimension > 0 ? vectors.subarray(used, (used += dimension)) : undefined
    const chunk = {
      ordinal: 1,
      text: texts[at + 7]!,
      heading: [],
      startLine: 1,
      endLine: numbers[from + 3]!,
      tokens: numbers[from + 4]!,
      overlap: 0,
      contentHash,
      inputHash: texts[at + 3]!,
      terms: {title: texts[at + 8]!, body: texts[at + 9]!},
      place: undefined,
      metadata: undefined,
      vector,
    }
    return {
      kind: 'chunk',
      place: {record: numbers[from]!, offset: numbers[from + 1]!},
      batch: numbers[from + 2]!,
      hash,
      contentHash,
      put: {
        docId: hash,
        docHash: texts[at + 2]!,
        title: texts[at + 5]!,
        language: texts[at + 4]!,
        source: {source, ...reading},
        metadata,
        chunks: [chunk],
      },
      ...(vector ? {dimension} : {}),
    }
  })
}

function packOther(item: ReadItem): PackedOthers['items'][number] {
  if (item.kind === 'exported') return {...item, record: withOwnVector(item.record)}
  if (item.kind === 'chunk') return item.input ? {...item, input: withOwnVectors(item.input)} : item
  const {place, goesOn, error} = item
  return {kind: 'packed fault', place, goesOn, code: error.code, message: error.message}
}

/** What is copied to another thread is all the memory that a vector lies in. */
function withOwnVector(record: ExportedRecord): ExportedRecord {
  return record.embedding ? {...record, embedding: record.embedding.slice()} : record
}

function withOwnVectors(input: ReadyDocument): ReadyDocument {
  const chunks = input.chunks.map((chunk) =>
    chunk.vector ? {...chunk, vector: chunk.vector.slice()} : chunk,
  )
  return {...input, chunks}
}

function unpackOther(item: PackedOthers['items'][number]): ReadItem {
  if (item.kind !== 'packed fault') return item
  const {place, goesOn, code, message} = item
  return {kind: 'fault', place, goesOn, error: ragErrorOf({code, message})}
}

function sizeOf(item: ReadItem): number {
  if (item.kind === 'fault') return ITEM_BYTES
  if (item.kind === 'exported')
    return ITEM_BYTES + textBytes(item.record) + (item.record.embedding?.byteLength ?? 0)
  const chunks = item.put?.chunks ?? item.input?.chunks ?? []
  return chunks.reduce(
    // Its terms are about as long as the text.
    (sum, chunk) => sum + 2 * textBytes(chunk) + (chunk.vector?.byteLength ?? 0),
    ITEM_BYTES,
  )
}

const textBytes = ({text}: {readonly text: string}): number => 2 * text.length
