import {collapseSpace} from '../collapse-space.js'
import type {LoadedDocument, PlacedSpan} from '../../model/document.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {decodeText} from '../encoding/decode-text.js'
import {delimiterOf} from './delimiter.js'
import {fileTitle} from '../file-title.js'
import {findHeader} from './header.js'
import {readRecords, type TableRecord} from './read-records.js'

const MAX_HEADER_LENGTH = 60
/** Names are repeated with every record; beyond this multiple of the input they are left out. */
const MAX_GROWTH = 8
const SMALL = 65_536

/**
 * CSV and TSV: each record one line `name: value; name: value`, empty values left out. The delimiter (comma, semicolon, tab, bar) is told
 * by a first line `sep=X`, or from the first lines; a record among the first names the columns (`findHeader`). Records before it stay as
 * they are. What is no CSV is read as far as it goes, and named.
 */
export const csvLoader: DocumentLoader = {
  type: 'csv',
  extensions: ['csv', 'tsv', 'tab', 'psv'],
  load(file: RawFile): LoadedDocument {
    const {text, delimiter, firstLine} = delimited(decodeText(file.bytes, file.name), file.name)
    const {records, faults} = readRecords(text, delimiter, firstLine)
    return {
      title: fileTitle(file.name),
      format: 'records',
      ...placed(records, text.length),
      ...(faults.length > 0 ? {faults} : {}),
      metadata: {},
    }
  },
}

/** A line for each record, and where it stands. `length`: of the source. */
function placed(
  records: readonly TableRecord[],
  length: number,
): Pick<LoadedDocument, 'text' | 'places' | 'firstLine'> {
  const header = findHeader(records)
  const names = header?.names.map((name) => oneLine(name).slice(0, MAX_HEADER_LENGTH)) ?? []
  const nameLength = names.reduce((sum, name) => sum + name.length + 2, 0)
  const isTooLong = nameLength * records.length > MAX_GROWTH * length + SMALL
  const shown = records.filter((_, at) => at !== header?.at)
  const lines = shown.map((record, at) =>
    recordLine(record, isTooLong || at < (header?.at ?? 0) ? [] : names),
  )
  const places: PlacedSpan[] = []
  let start = 0
  for (const [at, {first, last}] of shown.entries()) {
    const end = start + lines[at]!.length
    places.push({start, end, place: {kind: 'lines', first, last}})
    start = end + 1
  }
  return {text: lines.join('\n'), firstLine: shown[0]?.first ?? 1, places}
}

/** The records, and what parts their cells. */
function delimited(
  source: string,
  name: string,
): {readonly text: string; readonly delimiter: string; readonly firstLine: number} {
  const named = /^sep=(.)[ \t]*(?:\n|$)/i.exec(source)
  if (named) return {text: source.slice(named[0].length), delimiter: named[1]!, firstLine: 2}
  return {text: source, delimiter: /\.(?:tsv|tab)$/i.test(name) ? '\t' : delimiterOf(source), firstLine: 1}
}

function recordLine({cells}: TableRecord, names: readonly string[]): string {
  const parts: string[] = []
  cells.forEach((cell, column) => {
    const value = oneLine(cell)
    if (value === '') return
    const name = names[column]
    parts.push(name === undefined || name === '' ? value : `${name}: ${value}`)
  })
  return parts.join('; ')
}

function oneLine(cell: string): string {
  return collapseSpace(cell)
}
