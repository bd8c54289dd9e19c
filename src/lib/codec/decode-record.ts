import {badRecord} from '../model/errors/files/batch.js'
import type {BatchHeader, BatchRecord} from '../model/batch-record.js'
import type {Metadata, MetadataValue} from '../model/metadata.js'
import {type Decoded, type DecodedMap} from './decode-value.js'
import {decodeExportedChunk, decodeOrigin} from './decode-exported-chunk.js'
import {decodeVector} from './decode-vector.js'

/** Fields of a record with a meaning of their own; all others become metadata. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'text',
  'embedding',
  'metadata',
  'source',
  'batch_tag',
  'rag',
])

/**
 * Checks a record: `{text, embedding?, metadata?, source?, batch_tag?}`. Keys that are not known become metadata, where that has no such
 * key itself. What is known of its batch helps where bytes alone could be either of two things.
 * @throws RagError BAD_INPUT
 */
export function decodeRecord(fields: DecodedMap, {embeddingDim}: BatchHeader = {}): BatchRecord {
  const text = textOf(fields.get('text'))
  if (text === undefined)
    throw badRecord(fields.has('text') ? 'its "text" is not a text' : 'it has no "text"')
  const embedding = fields.get('embedding')
  const source = textOf(fields.get('source'))
  const batchTag = textOf(fields.get('batch_tag'))
  const chunk = fields.get('rag')
  return {
    text,
    metadata: Object.assign(unknownFields(fields), metadataOf(fields.get('metadata'))),
    ...(embedding === undefined || embedding === null
      ? {}
      : {embedding: decodeVector(embedding, embeddingDim)}),
    ...(source === undefined ? {} : {source}),
    ...(batchTag === undefined ? {} : {batchTag}),
    ...(chunk instanceof Map ? {chunk: decodeExportedChunk(toJson(chunk as DecodedMap) as Metadata)} : {}),
  }
}

/** What a batch says of itself; a field of a wrong type is passed over. */
export function decodeHeader(fields: DecodedMap): BatchHeader {
  const version = fields.get('version')
  const source = textOf(fields.get('source'))
  const batchTag = textOf(fields.get('batch_tag'))
  const createdAt = instantOf(fields.get('created_at'))
  const embeddingDim = fields.get('embedding_dim')
  const model = textOf(fields.get('model') ?? fields.get('embedding_model'))
  const rag = fields.get('rag')
  const origin = rag instanceof Map ? decodeOrigin(toJson(rag as DecodedMap) as Metadata) : undefined
  return {
    ...(typeof version === 'number' ? {version} : {}),
    ...(source === undefined ? {} : {source}),
    ...(batchTag === undefined ? {} : {batchTag}),
    ...(createdAt === undefined ? {} : {createdAt}),
    ...(typeof embeddingDim === 'number' ? {embeddingDim} : {}),
    ...(model === undefined ? {} : {model}),
    ...(origin ? {origin} : {}),
  }
}

function textOf(raw: Decoded | undefined): string | undefined {
  if (typeof raw === 'string') return raw
  if (!(raw instanceof Uint8Array)) return undefined
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(raw)
  } catch {
    return undefined
  }
}

/** Numbers from here up are milliseconds, below it seconds: in seconds it is the year 5138. So it goes on with smaller units. */
const LEAST_MS = 1e11
/** Seconds, milli-, micro- and nanoseconds, by how many make a second. */
const UNITS = [1, 1e3, 1e6, 1e9]

/**
 * An instant as ISO text: a timestamp, an epoch number in seconds, milli-, micro- or nanoseconds, or a text that is one already. One of
 * another zone is told in UTC, since texts are compared as such.
 */
function instantOf(raw: Decoded | undefined): string | undefined {
  if (raw instanceof Date) return raw.toISOString()
  if (typeof raw === 'number' || typeof raw === 'bigint') {
    const unit = UNITS.find((perSecond) => Math.abs(Number(raw)) < LEAST_MS * perSecond)
    return unit === undefined
      ? undefined
      : isoOf(new Date(unit === 1 ? Number(raw) * 1000 : Number(raw) / (unit / 1000)))
  }
  const text = textOf(raw)
  return text !== undefined && IN_A_ZONE.test(text) ? (isoOf(new Date(text)) ?? text) : text
}

const IN_A_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*[+-]\d\d:\d\d$/

const isoOf = (date: Date): string | undefined =>
  Number.isNaN(date.getTime()) ? undefined : date.toISOString()

function unknownFields(fields: DecodedMap): Metadata {
  const entries = [...fields].filter(([key]) => !OWN_FIELDS.has(key) && key !== '__proto__')
  return Object.fromEntries(entries.map(([key, value]) => [key, toJson(value)]))
}

function metadataOf(raw: Decoded | undefined): Metadata {
  if (raw === undefined || raw === null) return {}
  if (!(raw instanceof Map)) throw badRecord('its "metadata" is not a map')
  return toJson(raw as DecodedMap) as Metadata
}

/** As JSON has it: bytes as text or base64, instants as ISO text, numbers that JSON has not as text. Depth is bounded by the decoder. */
function toJson(raw: Decoded): MetadataValue {
  if (typeof raw === 'string') return raw.toWellFormed()
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : String(raw)
  if (typeof raw === 'bigint') return raw.toString()
  if (raw === null || typeof raw === 'boolean') return raw
  if (raw instanceof Date) return raw.toISOString()
  if (raw instanceof Uint8Array) return textOf(raw) ?? Buffer.from(raw).toString('base64')
  if (Array.isArray(raw)) return (raw as readonly Decoded[]).map(toJson)
  if (raw instanceof Map) {
    const entries = [...(raw as DecodedMap)].filter(([key]) => key !== '__proto__')
    return Object.fromEntries(entries.map(([key, value]) => [key.toWellFormed(), toJson(value)]))
  }
  return null
}
