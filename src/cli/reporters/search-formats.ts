import type {Hit} from '../../lib/index.js'
import {csvLine, type CsvStyle} from '../output/csv.js'
import {markText} from './search.js'
import {printable, visibleName} from '../output/visible.js'

/** Hits of one query; `queryId` is there when many queries are run. */
export interface Answered {
  readonly queryId?: string
  readonly query: string
  readonly hits: readonly Hit[]
}

const COLUMNS = ['rank', 'score', 'doc_id', 'chunk_id', 'title', 'heading', 'first_line', 'last_line', 'text']

/** The first line of the CSV output. */
export function csvHead(many: boolean): string {
  return csvLine(many ? ['query_id', ...COLUMNS] : COLUMNS, {raw: true})
}

/** One record a hit. */
export function csvRows({queryId, hits}: Answered, style: CsvStyle): string {
  return hits
    .map((hit) =>
      csvLine(
        [
          ...(queryId === undefined ? [] : [queryId]),
          String(hit.rank),
          String(hit.score),
          hit.docId,
          hit.chunkId,
          hit.title,
          hit.heading.join(' > '),
          String(hit.lines[0]),
          String(hit.lines[1]),
          hit.text,
        ],
        style,
      ),
    )
    .join('')
}

/** Markdown: a heading for the query, a numbered list of hits with their snippets quoted. */
export function markdown({query, hits}: Answered): string {
  const items = hits.map((hit) => {
    const where = [visibleName(hit.docId), ...hit.heading.map(printable)].join(' › ')
    const snippet = printable(markText(hit.snippet.text, hit.snippet.marks))
    return `${hit.rank}. **${where}** (lines ${hit.lines[0]}–${hit.lines[1]}, score ${hit.score.toFixed(3)})\n\n   > ${snippet}\n`
  })
  return `## ${printable(query)}\n\n${items.length === 0 ? 'No hits.\n' : items.join('\n')}`
}

/** The ids of the documents of some hits, each once, best first. */
export function documentsOf(hits: readonly Hit[]): readonly string[] {
  return [...new Set(hits.map((hit) => hit.docId))]
}
