import type {Row} from './page-rows.js'

export interface PdfPage {
  readonly number: number
  readonly height: number
  readonly rows: readonly Row[]
  readonly turned: readonly Row[]
}

/** The share of a page's height in which running heads and feet stand. */
const MARGIN = 0.2
/** Rows of a page that are looked at, from each end. */
const EDGE_ROWS = 3
const MIN_PAGES = 3

/** Pages without what repeats at their heads and feet: running titles and page numbers. */
export function withoutFurniture(pages: readonly PdfPage[]): readonly PdfPage[] {
  const counts = new Map<string, number>()
  for (const page of pages)
    for (const key of new Set(edgeRows(page).map((row) => keyOf(row, page))))
      counts.set(key, (counts.get(key) ?? 0) + 1)
  const least = pages.length < MIN_PAGES ? 2 : MIN_PAGES
  return pages.map((page) => {
    const repeated = new Set(edgeRows(page).filter((row) => (counts.get(keyOf(row, page)) ?? 0) >= least))
    return repeated.size === 0 ? page : {...page, rows: page.rows.filter((row) => !repeated.has(row))}
  })
}

function edgeRows({rows, height}: PdfPage): readonly Row[] {
  const top = rows.filter(({y}) => y < height * MARGIN).sort((a, b) => a.y - b.y)
  const bottom = rows.filter(({y}) => y > height * (1 - MARGIN)).sort((a, b) => b.y - a.y)
  return [...top.slice(0, EDGE_ROWS), ...bottom.slice(0, EDGE_ROWS)]
}

const PAGE_NUMBER = /^\d+\b|\b\d+(?:\s*(?:of|von|de|sur|di|из|\/)\s*\d+)?$|^[ivxlc]{1,6}$/gi

/** The same for rows at the same height that differ only in a number at one end: rows of a table differ in others, too. */
function keyOf({y, segments}: Row, {height}: PdfPage): string {
  const text = segments.map(({text: one}) => one).join(' ')
  const plain = text.trim().replace(PAGE_NUMBER, '#').slice(0, 200)
  return `${Math.round((y / height) * 50)}:${plain}`
}
