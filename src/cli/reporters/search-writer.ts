import type {QueriesResult, SearchResult} from '../../contract/index.js'
import type {SearchReport} from '../../lib/index.js'
import {hitJson, queryLineJson, searchJson} from '../json/search.js'
import type {CsvStyle} from '../output/csv.js'
import {bold, type Screen} from '../output/screen.js'
import {pathLine, type PathEnd} from '../output/paths.js'
import {csvHead, csvRows, bestOfDocuments, markdown} from './search-formats.js'
import {renderSearch} from './search.js'
import {printable} from '../output/visible.js'

export const SEARCH_FORMATS = ['text', 'json', 'jsonl', 'csv', 'md', 'files'] as const
export type SearchFormat = (typeof SEARCH_FORMATS)[number]

/** A query that was not asked. */
export interface SkippedQuery {
  readonly id: string
  readonly label: string
  readonly why: string
}

/** Writes search reports in one format: `one` for a single query; or `next` and `skipped` for each of many, then `end`. */
export interface SearchWriter {
  one(report: SearchReport): Promise<void>
  next(queryId: string, report: SearchReport): Promise<void>
  skipped(query: SkippedQuery): void
  end(): Promise<void>
}

/** What a writer needs. */
export interface WriterParts {
  readonly format: SearchFormat
  readonly screen: Screen
  readonly explain: boolean
  readonly many: boolean
  readonly csv: CsvStyle
  /** What ends a path of `--format files`. */
  readonly pathEnd: PathEnd
  /** Takes text for people. */
  readonly out: (text: string) => void
  /** Takes data. */
  readonly data: (text: string) => void
  readonly warn: (text: string) => void
  /** Where a document came from: a path, or a label such as `stdin`. */
  readonly sourceOf: (docId: string) => Promise<string>
}

/** A writer for `--format`. All but `json` write each report as soon as it is there. */
export function makeSearchWriter(parts: WriterParts): SearchWriter {
  const {format, data, warn, many} = parts
  const out = format === 'text' ? parts.out : data
  const answers: QueriesResult['queries'][number][] = []
  const failed: SkippedQuery[] = []
  const listed = new Set<string>()
  let rows = 0
  const write = async (report: SearchReport, queryId?: string): Promise<void> => {
    for (const note of report.notes) warn(note)
    if (format === 'json') return
    if (format === 'files') await listFiles(report, listed, parts)
    else out(oneReport(report, queryId, {...parts, first: rows === 0}))
    rows++
  }
  return {
    one: async (report) => {
      await write(report)
      if (format === 'json') out(json(searchJson(report, parts.explain)))
    },
    next: async (queryId, report) => {
      await write(report, queryId)
      if (format === 'json') answers.push({query_id: queryId, ...searchJson(report, parts.explain)})
    },
    skipped: (query) => {
      failed.push(query)
      warn(`${query.label} was skipped: ${query.why}`)
    },
    end: async () => {
      if (format === 'csv' && rows === 0) out(csvHead(many))
      if (format === 'json')
        out(json({queries: answers, failed: failed.map(({id, why}) => ({query_id: id, message: why}))}))
    },
  }
}

function oneReport(
  report: SearchReport,
  queryId: string | undefined,
  {format, screen, explain, many, first, csv}: WriterParts & {readonly first: boolean},
): string {
  const answered = {query: report.query, hits: report.hits, ...(queryId === undefined ? {} : {queryId})}
  if (format === 'csv') return (first ? csvHead(many) : '') + csvRows(answered, csv)
  const between = first ? '' : '\n'
  if (format === 'md') return between + markdown(answered)
  if (format === 'jsonl') {
    const lines = queryId === undefined ? report.hits.map(hitJson) : [queryLineJson(queryId, report)]
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  }
  const head = queryId === undefined ? '' : `${bold(`${queryId}: ${printable(report.query)}`, screen)}\n`
  return (queryId === undefined ? '' : between) + head + renderSearch(report, screen, explain)
}

/**
 * Each document once, best first: a file by its path (shortened when it is below this folder), anything else by its id. The line on which
 * its best chunk begins follows, where it has one.
 */
async function listFiles(report: SearchReport, listed: Set<string>, parts: WriterParts): Promise<void> {
  for (const {docId, lines} of bestOfDocuments(report.hits)) {
    if (listed.has(docId)) continue
    listed.add(docId)
    const source = await parts.sourceOf(docId)
    parts.data(pathLine(source, docId, {end: parts.pathEnd, line: lines?.[0]}))
  }
}

function json(value: SearchResult | QueriesResult): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
