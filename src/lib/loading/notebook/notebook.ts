import type {LoadedDocument} from '../../model/document.js'
import {notValid} from '../../model/errors/files/source.js'
import {JsonTooDeep, parseJson} from '../../model/input/parse-json.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {decodeText} from '../encoding/decode-text.js'
import {fileTitle, titleLine} from '../file-title.js'
import {describeFault, jsonFault} from '../json/json-fault.js'
import {isJsonObject, type JsonObject} from '../json/json-fields.js'
import {PlacedText} from '../placed/placed-text.js'

/** More of an output says nothing more. */
const MAX_OUTPUT = 20_000
const ANSI = /\x1b\[[0-9;]*[A-Za-z]/g

/** Jupyter notebooks: Markdown cells as they are, code cells with their text outputs as code; each in its cell. Images are left out. */
export const notebookLoader: DocumentLoader = {
  type: 'notebook',
  extensions: ['ipynb'],
  load(file: RawFile): LoadedDocument {
    const notebook = parseNotebook(file)
    const text = new PlacedText()
    const language = languageOf(notebook)
    cellsOf(notebook).forEach((cell, at) => writeCell(text, cell, {number: at + 1, language}))
    const written = text.text()
    const heading = /^#{1,6} +(.+)$/m.exec(written.replace(/^```[^]*?^```/gm, ''))?.[1]
    return {
      title: titleLine(heading ?? '') ?? fileTitle(file.name),
      text: written,
      format: 'markdown',
      firstLine: 1,
      metadata: language === '' ? {} : {code_language: language},
      places: text.places(),
    }
  },
}

/** @throws RagError NOT_TEXT | BAD_INPUT with line and column */
function parseNotebook({name, bytes}: RawFile): JsonObject {
  const source = decodeText(bytes, name)
  let value: unknown
  try {
    value = parseJson(source)
  } catch (error) {
    throw notValid(
      name,
      'JSON',
      error instanceof JsonTooDeep ? error.message : describeFault(jsonFault(source)),
      error,
    )
  }
  if (!isJsonObject(value)) throw notValid(name, 'notebook', 'it is no JSON object')
  return value
}

/** Of format 4, or of the worksheets of format 3. */
function cellsOf(notebook: JsonObject): readonly JsonObject[] {
  const sheets = [notebook, ...objects(notebook['worksheets'])]
  return sheets.flatMap((sheet) => objects(sheet['cells']))
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

function languageOf({metadata}: JsonObject): string {
  const about = isJsonObject(metadata) ? metadata : {}
  const info = isJsonObject(about['language_info']) ? about['language_info']['name'] : undefined
  const kernel = isJsonObject(about['kernelspec']) ? about['kernelspec']['language'] : undefined
  const name = info ?? kernel
  return typeof name === 'string' && /^[\w+#-]{1,30}$/.test(name) ? name : ''
}

function writeCell(
  text: PlacedText,
  cell: JsonObject,
  {number, language}: {readonly number: number; readonly language: string},
): void {
  const place = {kind: 'cell', cell: number} as const
  const source = joined(cell['source'] ?? cell['input'])
  if (cell['cell_type'] === 'code') text.block(fenced(source, language), place)
  else if (cell['cell_type'] === 'heading')
    text.block(`${'#'.repeat(Number(cell['level']) || 1)} ${source}`, place)
  else text.block(source.replace(/!\[[^\]]*\]\((?:data:|attachment:)[^)]*\)/g, ''), place)
  for (const output of objects(cell['outputs'])) text.block(fenced(outputText(output), 'text'), place)
}

/** Text of a stream, a result or an error. */
function outputText(output: JsonObject): string {
  const data = isJsonObject(output['data']) ? output['data'] : output
  const text = joined(output['text']) || joined(data['text/plain']) || joined(data['text/markdown'])
  const error = typeof output['ename'] === 'string' ? `${output['ename']}: ${joined(output['evalue'])}` : ''
  return (text || error).replace(ANSI, '').slice(0, MAX_OUTPUT)
}

/** A text, or its lines. */
function joined(value: unknown): string {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.filter((line) => typeof line === 'string').join('') : ''
}

function fenced(code: string, language: string): string {
  if (code.trim() === '') return ''
  const longest = (code.match(/`{3,}/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${code.replace(/\r\n?/g, '\n').trimEnd()}\n${fence}`
}
