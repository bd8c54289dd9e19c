import {JsonTooDeep, parseJson} from '../../model/input/parse-json.js'
import type {LoadedDocument} from '../../model/document.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {cleanUnescaped} from '../clean-text.js'
import {decodeText} from '../encoding/decode-text.js'
import {notValid} from '../../model/errors/files/source.js'
import {fileTitle} from '../file-title.js'
import {isJsonObject, jsonBody, jsonTitle} from './json-fields.js'
import {firstJsonFault} from './json-fault.js'
import {MAX_JSON_DEPTH, renderJson} from './json-rendering.js'

/** JSON Lines as one document: every record a paragraph, `title` and `text` first where it has them. A bad line refuses the file. */
export const jsonLinesLoader: DocumentLoader = {
  type: 'jsonl',
  extensions: ['jsonl', 'ndjson'],
  load(file: RawFile): LoadedDocument {
    const paragraphs: string[] = []
    decodeText(file.bytes, file.name)
      .split('\n')
      .forEach((line, index) => {
        if (line.trim() !== '') paragraphs.push(recordText(line, index + 1, file.name))
      })
    return {
      title: fileTitle(file.name),
      text: cleanUnescaped(paragraphs.join('\n\n')),
      format: 'text',
      firstLine: 1,
      metadata: {},
    }
  },
}

function recordText(line: string, number: number, name: string): string {
  const value = parseLine(line, number, name)
  const body = isJsonObject(value) ? jsonBody(value) : undefined
  if (isJsonObject(value) && body !== undefined)
    return [jsonTitle(value) ?? '', body.text].filter((part) => part !== '').join('\n')
  const rendered = renderJson(value)
  if (rendered === undefined)
    throw notValid(name, 'JSON Lines', `line ${number} is nested over ${MAX_JSON_DEPTH} levels deep`)
  return rendered
}

function parseLine(line: string, number: number, name: string): unknown {
  try {
    return parseJson(line)
  } catch (error) {
    const fault =
      error instanceof JsonTooDeep
        ? `line ${number}: ${error.message}`
        : firstJsonFault(line).replace(/^line 1/, `line ${number}`)
    throw notValid(name, 'JSON Lines', fault, error)
  }
}
