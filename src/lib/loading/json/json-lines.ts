import {JsonTooDeep} from '../../model/input/parse-json.js'
import type {LoadedDocument, LoadFault, PlacedSpan} from '../../model/document.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {cleanUnescaped} from '../clean-text.js'
import {decodeText} from '../encoding/decode-text.js'
import {fileTitle} from '../file-title.js'
import {isJsonObject, jsonBody, jsonTitle} from './json-fields.js'
import {renderJson} from './json-rendering.js'
import {readJson} from './read-json.js'

export const jsonLinesLoader: DocumentLoader = {
  type: 'jsonl',
  extensions: ['jsonl', 'ndjson'],
  load: loadJsonLines,
}

/**
 * JSON Lines as one document: every record a paragraph, `title` and `text` first where it has them. A line that is no JSON, such as one
 * that was cut off, stays as it is, and is named.
 */
export function loadJsonLines(file: RawFile): LoadedDocument {
  const lines = decodeText(file.bytes, file.name).split('\n')
  const paragraphs: string[] = []
  const places: PlacedSpan[] = []
  const faults: LoadFault[] = []
  let start = 0
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const {text, fault} = readRecord(line)
    if (fault !== undefined) faults.push({message: fault, line: index + 1})
    const paragraph = cleanUnescaped(text)
    const end = start + paragraph.length
    places.push({start, end, place: {kind: 'lines', first: index + 1, last: index + 1}})
    paragraphs.push(paragraph)
    start = end + 2
  }
  return {
    title: fileTitle(file.name),
    text: paragraphs.join('\n\n'),
    format: 'text',
    firstLine: 1,
    places,
    ...(faults.length > 0 ? {faults} : {}),
    metadata: {},
  }
}

function readRecord(line: string): {readonly text: string; readonly fault?: string | undefined} {
  try {
    const {value, fault} = readJson(line)
    if (fault) return {text: line, fault: `no valid JSON: ${fault.why}`}
    return {text: recordText(value) ?? line}
  } catch (error) {
    if (error instanceof JsonTooDeep) return {text: '', fault: `left out: ${error.message}`}
    throw error
  }
}

function recordText(value: unknown): string | undefined {
  const body = isJsonObject(value) ? jsonBody(value) : undefined
  if (isJsonObject(value) && body !== undefined)
    return [jsonTitle(value) ?? '', body.text].filter((part) => part !== '').join('\n')
  return renderJson(value)
}
