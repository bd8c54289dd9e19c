import type {Hit} from '../../lib/index.js'
import {csvLine, type CsvStyle} from '../output/csv.js'
import {markText} from './search.js'
import {showPlace} from '../output/places.js'
import {printable, visibleName} from '../output/visible.js'

/** Hits of one query; `queryId` is there when many queries are run. */
export interface Answered {
  readonly queryId?: string
  readonly query: string
  readonly hits: readonly Hit[]
}

const COLUMNS = [
  'rank',
  'score',
  'doc_id',
  'chunk_id',
  'title',
  'heading',
  'first_line',
  'last_line',
  'text',
  'place',
]

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
          hit.lines ? String(hit.lines[0]) : '',
          hit.lines ? String(hit.lines[1]) : '',
          hit.text,
          showPlace(hit.place),
        ],
        style,
      ),
    )
    .join('')
}

/** Markdown: a heading for the query, a numbered list of hits with their snippets quoted. */
export function markdown({query, hits}: Answered): string {
  const items = hits.map((hit) => {
    const where = showPlace(hit.place)
    const path = [visibleName(hit.docId), ...hit.heading.map(printable)].join(' › ')
    const snippet = printable(markText(hit.snippet.text, hit.snippet.marks))
    return `${hit.rank}. **${path}** (${where ? `${where}, ` : ''}score ${hit.score.toFixed(3)})\n\n   > ${snippet}\n`
  })
  return `## ${printable(query)}\n\n${items.length === 0 ? 'No hits.\n' : items.join('\n')}`
}

/** The best hit of each document, best first. */
export function bestOfDocuments(hits: readonly Hit[]): readonly Hit[] {
  const best = new Map<string, Hit>()
  for (const hit of hits) if (!best.has(hit.docId)) best.set(hit.docId, hit)
  return [...best.values()]
}
