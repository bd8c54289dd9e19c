import {parseJson} from '../model/input/parse-json.js'
import type {DocumentPut} from '../model/batch.js'
import type {LoadedDocument, SourceState} from '../model/document.js'
import {badDocument, badVectorOfChunk} from '../model/errors/files/json-lines.js'
import {reasonOf, shorten} from '../model/errors/rag-error.js'
import type {Metadata, MetadataValue} from '../model/metadata.js'
import {parseVector} from '../model/vector.js'
import {FALLBACK_LANGUAGE, prepareDocument, type PrepareTools} from '../documents/prepare-document.js'
import {prepareReadyDocument} from '../documents/prepare-ready-document.js'

/** A document as a line of JSON gives it, checked. */
export interface JsonDocument {
  readonly docId: string
  readonly title: string
  readonly text: string
  readonly metadata: Metadata
  /** Present when the document comes cut into chunks. */
  readonly chunks?: readonly JsonChunk[] | undefined
}

interface JsonChunk {
  readonly text: string
  readonly metadata?: Metadata | undefined
  readonly vector?: Float32Array | undefined
}

/**
 * Checks one parsed line: `{"doc_id" | "_id" | "id", "title"?, "text", "metadata"?, "chunks"?: [{"text", "embedding"?, "metadata"?}]}`.
 * @throws RagError BAD_INPUT | BAD_VECTOR
 */
export function parseJsonDocument(line: string): JsonDocument {
  const raw = parseLine(line)
  const docId = idOf(raw)
  const title = raw['title'] ?? ''
  if (typeof title !== 'string') throw badDocument('its "title" is not a text')
  const chunks = raw['chunks'] === undefined ? undefined : parseChunks(raw['chunks'])
  const text = raw['text'] ?? chunks?.map((chunk) => chunk.text).join('\n\n')
  if (typeof text !== 'string')
    throw badDocument(text === undefined ? 'it has no "text"' : 'its "text" is not a text')
  return {
    docId,
    title: title === '' ? docId : title,
    text: wellFormed(text),
    metadata: parseMetadata(raw['metadata']),
    ...(chunks === undefined ? {} : {chunks}),
  }
}

type Raw = Readonly<Record<string, unknown>>

function parseLine(line: string): Raw {
  let raw: unknown
  try {
    raw = parseJson(line)
  } catch (error) {
    throw badDocument(`it is not JSON (${shorten(reasonOf(error), 160)})`)
  }
  if (!isMap(raw)) throw badDocument('it is not a JSON object')
  return raw
}

function isMap(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

const MAX_ID_LENGTH = 1024

function idOf(raw: Raw): string {
  const id = raw['doc_id'] ?? raw['_id'] ?? raw['id']
  if (typeof id === 'number') return String(id)
  if (typeof id !== 'string' || id.trim() === '') throw badDocument('it has no "doc_id" (nor "_id" nor "id")')
  if (id.length > MAX_ID_LENGTH)
    throw badDocument(`its "doc_id" has ${id.length} characters, more than ${MAX_ID_LENGTH}`)
  return wellFormed(id)
}

function parseChunks(raw: unknown): readonly JsonChunk[] {
  if (!Array.isArray(raw)) throw badDocument('its "chunks" are not an array')
  return raw.map((chunk: unknown, i) => {
    const where = `chunk ${i + 1}`
    if (!isMap(chunk) || typeof chunk['text'] !== 'string') throw badDocument(`${where} has no "text"`)
    return {
      text: wellFormed(chunk['text']),
      ...(chunk['metadata'] === undefined ? {} : {metadata: parseMetadata(chunk['metadata'])}),
      ...(chunk['embedding'] === undefined ? {} : {vector: vectorAt(where, chunk['embedding'])}),
    }
  })
}

function vectorAt(where: string, raw: unknown): Float32Array {
  try {
    return parseVector(raw)
  } catch (error) {
    throw badVectorOfChunk(where, reasonOf(error).replace(/^.*?: /, ''))
  }
}

/** Metadata of any shape that JSON has, without keys that could reach an object's prototype. */
export function parseMetadata(raw: unknown): Metadata {
  if (raw === undefined || raw === null) return {}
  if (!isMap(raw)) throw badDocument('its "metadata" is not a JSON object')
  if (isDeep(raw)) throw badDocument(`its "metadata" is nested more than ${MAX_DEPTH} deep`)
  if (holdsInfinity(raw))
    throw badDocument('its "metadata" holds a number that is too large: write it as a text, in quotes')
  const entries = Object.entries(raw).filter(([key]) => key !== '__proto__')
  return Object.fromEntries(entries) as Readonly<Record<string, MetadataValue>>
}

/** SQLite's JSON functions refuse 1,000 levels for every document that is filtered, not for this one alone. */
const MAX_DEPTH = 100

/** Without recursion, which is what deep nesting is meant to exhaust. */
function isDeep(raw: unknown): boolean {
  let level: unknown[] = [raw]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    )
  }
  return false
}

/** A number such as 1e400, which would be stored as null. Depth is bounded before. */
function holdsInfinity(raw: unknown): boolean {
  if (typeof raw === 'number') return !Number.isFinite(raw)
  return typeof raw === 'object' && raw !== null && Object.values(raw).some(holdsInfinity)
}

/** Lone surrogates can't be stored as UTF-8. NUL would end the text for some readers of the database. */
function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd').replace(/\r\n?/g, '\n')
}

/** Prepares a checked document: cut here, or taken as it was cut. */
export async function prepareJsonDocument(
  tools: PrepareTools,
  {docId, title, text, metadata, chunks}: JsonDocument,
  given: {readonly source: SourceState; readonly language?: string | undefined},
): Promise<DocumentPut> {
  const document: LoadedDocument = {title, text, format: 'markdown', firstLine: 1, metadata}
  if (!chunks)
    return prepareDocument(tools, {
      docId,
      document,
      source: given.source,
      metadata: {},
      language: given.language,
    })
  return prepareReadyDocument(tools, {
    docId,
    title,
    metadata,
    source: given.source,
    chunks,
    language: given.language ?? tools.analyser.detect(text, FALLBACK_LANGUAGE),
  })
}
