import type {LoadedDocument, TextFormat} from '../../model/document.js'
import type {Metadata} from '../../model/metadata.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {cleanUnescaped} from '../clean-text.js'
import {decodeText} from '../encoding/decode-text.js'
import {notValid} from '../../model/errors/files/source.js'
import {reasonOf} from '../../model/errors.js'
import {fileTitle, titleLine} from '../file-title.js'
import {describeFault, type JsonFault} from './json-fault.js'
import {writtenNumber} from './json-numbers.js'
import {readJson, type ReadJson} from './read-json.js'
import {MAX_JSON_DEPTH, renderJson} from './json-rendering.js'
import {loadJsonLines} from './json-lines.js'
import {isJsonObject, jsonBody, jsonTitle, type JsonObject} from './json-fields.js'
import {primaryTag} from '../language-tag.js'

const MAX_METADATA_LENGTH = 500
const MAX_METADATA_KEYS = 50
/** Fields of the document itself, and the key that must never be one. */
const FIELDS = ['title', 'lang', 'language', '__proto__']

/**
 * JSON: an object with `text`, `content` or `body` is a document of that text, its small plain fields are metadata; anything else is
 * rendered as `path.to.key: value` lines, with longer texts as paragraphs.
 */
export const jsonLoader: DocumentLoader = {
  type: 'json',
  extensions: ['json', 'geojson', 'webmanifest'],
  load(file: RawFile): LoadedDocument {
    const source = decodeText(file.bytes, file.name)
    const {value, fault} = parseSource(source, file.name)
    if (fault) return isJsonLines(source) ? loadJsonLines(file) : asText(file.name, source, fault)
    const parts = isJsonObject(value) ? splitFields(value) : {...NO_PARTS, rest: value}
    const rendered = renderJson(parts.rest)
    if (rendered === undefined) {
      throw notValid(file.name, 'JSON', `it is nested over ${MAX_JSON_DEPTH} levels deep`)
    }
    const text = [parts.body, rendered].filter((part) => part !== '').join('\n\n')
    return {
      title: titleLine(cleanUnescaped(parts.title)) ?? fileTitle(file.name),
      text: cleanUnescaped(text),
      format: parts.format,
      firstLine: 1,
      // Its lines are those of no file that a person can open.
      places: [],
      language: parts.language,
      metadata: parts.metadata,
    }
  },
}

interface Parts {
  readonly title: string
  readonly body: string
  readonly format: TextFormat
  readonly language: string | undefined
  readonly metadata: Metadata
  /** What is rendered after the body. */
  readonly rest: unknown
}

const NO_PARTS: Parts = {
  title: '',
  body: '',
  format: 'text',
  language: undefined,
  metadata: {},
  rest: undefined,
}

function splitFields(fields: JsonObject): Parts {
  const named = {
    title: jsonTitle(fields) ?? '',
    language: primaryTag(fields['lang']) ?? primaryTag(fields['language']),
  }
  const body = jsonBody(fields)
  if (body === undefined) return {...NO_PARTS, ...named, rest: fields}
  const metadata = smallFields(fields, new Set([...FIELDS, body.key]))
  const format = body.key === 'markdown' || body.key === 'md' ? 'markdown' : 'text'
  const rest = withoutKeys(fields, [body.key, 'title', ...Object.keys(metadata)])
  return {...named, body: body.text, format, metadata, rest}
}

/** @throws RagError BAD_INPUT when it is nested too deep */
function parseSource(source: string, name: string): ReadJson {
  if (source.trim() === '') return {value: undefined}
  try {
    return readJson(source)
  } catch (error) {
    throw notValid(name, 'JSON', reasonOf(error), error)
  }
}

/** One value a line, under another name. */
function isJsonLines(source: string): boolean {
  const [first = '', ...others] = source.trim().split('\n', 2)
  return others.length > 0 && readJson(first).fault === undefined
}

/**
 * What is no JSON, as it stands.
 * @throws RagError BAD_INPUT for what was cut off: a document from before is better than half of one
 */
function asText(name: string, text: string, fault: JsonFault): LoadedDocument {
  if (fault.isCutOff) throw notValid(name, 'JSON', describeFault(fault))
  const faults = [{message: `no valid JSON: ${fault.why}`, line: fault.line}]
  return {title: fileTitle(name), text, format: 'text', firstLine: 1, faults, metadata: {}}
}

/** Plain fields of the top level that are short enough to be facts about the document. */
function smallFields(fields: JsonObject, without: ReadonlySet<string>): Metadata {
  const kept: [string, string | number | boolean][] = []
  for (const [key, value] of Object.entries(fields)) {
    if (without.has(key) || kept.length >= MAX_METADATA_KEYS || key.length > 100) continue
    if (typeof value === 'number' || typeof value === 'boolean') kept.push([key, value])
    if (typeof value === 'string' && value !== '' && value.length <= MAX_METADATA_LENGTH) {
      kept.push([key, numberOf(value) ?? cleanUnescaped(value)])
    }
  }
  return Object.fromEntries(kept)
}

/** A number that was kept as it was written: itself where a double holds it, else its digits. Undefined for any other text. */
function numberOf(value: string): number | string | undefined {
  const written = writtenNumber(value)
  if (written === undefined) return undefined
  const number = Number(written)
  return /^-?\d+(?:\.\d{1,15})?$/.test(written) && Math.abs(number) < Number.MAX_SAFE_INTEGER
    ? number
    : written
}

function withoutKeys(fields: JsonObject, keys: readonly string[]): JsonObject {
  const left = new Set(keys)
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !left.has(key)))
}
