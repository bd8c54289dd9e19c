import {collapseSpace} from '../collapse-space.js'
import {parse} from 'csv-parse/sync'
import type {LoadedDocument} from '../../model/document.js'
import {notValid} from '../../model/errors/files/source.js'
import {reasonOf} from '../../model/errors/rag-error.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {decodeText} from '../encoding/decode-text.js'
import {delimiterOf} from './delimiter.js'
import {fileTitle} from '../file-title.js'

const MAX_HEADER_LENGTH = 60
/** Names are repeated with every record; beyond this multiple of the input they are left out. */
const MAX_GROWTH = 8
const SMALL = 65_536

/**
 * CSV and TSV: each record one line `name: value; name: value`, empty values left out. The delimiter (comma, semicolon, tab, bar) is
 * told from the first lines; the first record names the columns unless it holds numbers, blanks or repetitions.
 */
export const csvLoader: DocumentLoader = {
  type: 'csv',
  extensions: ['csv', 'tsv', 'tab', 'psv'],
  load(file: RawFile): LoadedDocument {
    const source = decodeText(file.bytes, file.name)
    const records = parseRecords(source, file.name)
    const header = headerOf(records)
    const names = header === undefined ? [] : header.map((name) => oneLine(name).slice(0, MAX_HEADER_LENGTH))
    const nameLength = names.reduce((sum, name) => sum + name.length + 2, 0)
    const tooLong = nameLength * records.length > MAX_GROWTH * source.length + SMALL
    const lines: string[] = []
    for (let at = header === undefined ? 0 : 1; at < records.length; at++) {
      lines.push(recordLine(records[at] ?? [], tooLong ? [] : names))
    }
    return {
      title: fileTitle(file.name),
      text: lines.join('\n'),
      format: 'records',
      firstLine: header === undefined ? 1 : 2,
      metadata: {},
    }
  },
}

function parseRecords(source: string, name: string): readonly (readonly string[])[] {
  const delimiter = /\.(?:tsv|tab)$/i.test(name) ? '\t' : delimiterOf(source)
  try {
    return parse(source, {
      delimiter,
      // Named, as it is always this: searching for it costs ten times the rest on a text without one.
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    })
  } catch (error) {
    throw notValid(name, 'CSV', reasonOf(error).replace(/\.$/, ''), error)
  }
}

/** The first record when it can name columns: more records follow, and its cells are distinct words. */
function headerOf(records: readonly (readonly string[])[]): readonly string[] | undefined {
  const first = records[0]
  if (first === undefined || records.length < 2) return undefined
  const cells = first.map((cell) => cell.trim())
  // The last column may be unnamed: some programs end every line with a delimiter.
  if (cells.at(-1) === '') cells.pop()
  const named = cells.every((cell) => /\p{L}/u.test(cell) && cell.length <= 100 && !/^[+-]?\d/.test(cell))
  return named && new Set(cells).size === cells.length ? cells : undefined
}

function recordLine(record: readonly string[], names: readonly string[]): string {
  const parts: string[] = []
  record.forEach((cell, column) => {
    const value = oneLine(cell)
    if (value === '') return
    const name = names[column]
    parts.push(name === undefined ? value : `${name}: ${value}`)
  })
  return parts.join('; ')
}

function oneLine(cell: string): string {
  return collapseSpace(cell)
}
