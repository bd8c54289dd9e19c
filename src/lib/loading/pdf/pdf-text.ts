import {escapeBlockStart} from '../markup/escape-markdown.js'
import {PlacedText} from '../placed/placed-text.js'
import {blocksOf, goesOn, type BodyStyle, type PageBlock} from './page-blocks.js'
import {readingOrder} from './reading-order.js'
import {withoutFurniture, type PdfPage} from './page-furniture.js'

const MAX_LEVELS = 4
const MAX_LONE_TITLE = 80

export interface PdfText {
  readonly text: PlacedText
  /** The first heading of the first pages. */
  readonly firstHeading: string | undefined
}

/** The text of all pages as Markdown, each block on its page. */
export function pdfText(pages: readonly PdfPage[]): PdfText {
  const body = bodyStyle(pages)
  const found = withoutFurniture(pages).flatMap(({number, rows, turned}) =>
    blocksOf(number, [...readingOrder(rows), ...readingOrder(turned)], body),
  )
  const blocks = withoutBylines(withLoneTitles(found, body))
  const levels = headingLevels(blocks)
  const text = new PlacedText()
  let before: PageBlock | undefined
  let firstHeading: string | undefined
  for (const block of blocks) {
    const line = joined(block.lines)
    if (block.kind === 'heading' && block.page <= 2) firstHeading ??= line
    write(text, block, {line, level: levels(block), before})
    before = block
  }
  return {text, firstHeading}
}

/** A line by itself in another font than the body, with body text below it, is a heading: programs set the lowest ones in the body's size. */
function withLoneTitles(blocks: readonly PageBlock[], body: BodyStyle): readonly PageBlock[] {
  return blocks.map((block, at) => {
    const next = blocks[at + 1]
    const isTitle =
      block.kind === 'paragraph' &&
      block.lines.length === 1 &&
      block.font !== body.font &&
      block.size >= body.size * 0.98 &&
      block.lines[0]!.length <= MAX_LONE_TITLE &&
      /^\p{Lu}.*[\p{L}\p{N}?)]$/u.test(block.lines[0]!) &&
      next !== undefined &&
      next.kind !== 'heading' &&
      (next.font === body.font || next.kind === 'table')
    return isTitle ? {...block, kind: 'heading'} : block
  })
}

/** The first page's large lines with nothing below them, such as authors and dates, are no headings. The first of them is the title. */
function withoutBylines(blocks: readonly PageBlock[]): readonly PageBlock[] {
  const title = blocks.findIndex(({kind}) => kind === 'heading')
  return blocks.map((block, at) => {
    const next = blocks[at + 1]
    const isByline =
      at > title &&
      block.kind === 'heading' &&
      block.page === 1 &&
      next?.kind === 'heading' &&
      next.size >= block.size * 0.95
    return isByline ? {...block, kind: 'paragraph'} : block
  })
}

function write(
  text: PlacedText,
  block: PageBlock,
  {
    line,
    level,
    before,
  }: {readonly line: string; readonly level: number; readonly before: PageBlock | undefined},
): void {
  const place = {kind: 'pages', first: block.page, last: block.page} as const
  switch (block.kind) {
    case 'heading':
      return text.block(`${'#'.repeat(level)} ${line}`, place)
    case 'item':
      return text.block(`- ${line}`, place, before?.kind === 'item')
    case 'code':
      text.block(['```', ...block.lines.map((one) => one.replaceAll('```', "'''")), '```'].join('\n'), place)
      return
    case 'table':
      return text.block(block.lines.join('\n'), place)
    case 'paragraph': {
      const isTornApart =
        before?.kind === 'paragraph' && before.page !== block.page && goesOn(joined(before.lines), line)
      // A sentence goes on over the page: one paragraph, on two pages.
      return text.block(escapeBlockStart(line), place, isTornApart)
    }
  }
}

/** Lines of one block as running text: words that were cut at a line's end are whole again. */
export function joined(lines: readonly string[]): string {
  let text = ''
  for (const line of lines) {
    if (text === '') text = line
    else if (text.endsWith('\u00ad')) text = text.slice(0, -1) + line
    else if (/\p{L}{2}[-‐]$/u.test(text) && /^\p{Ll}/u.test(line) && !/-\p{L}+[-‐]$/u.test(text))
      text = text.slice(0, -1) + line
    else if (/\p{L}[-‐]$/u.test(text)) text += line
    else text += ` ${line}`
  }
  return text.replaceAll('\u00ad', '')
}

/** Size and font of most of the text. */
function bodyStyle(pages: readonly PdfPage[]): BodyStyle {
  const sizes = new Map<number, number>()
  const fonts = new Map<string, number>()
  for (const {rows} of pages)
    for (const {segments} of rows)
      for (const {size, font, text} of segments) {
        const rounded = Math.round(size * 2) / 2
        sizes.set(rounded, (sizes.get(rounded) ?? 0) + text.length)
        fonts.set(font, (fonts.get(font) ?? 0) + text.length)
      }
  return {size: commonest(sizes) ?? 10, font: commonest(fonts) ?? ''}
}

function commonest<Key>(counts: ReadonlyMap<Key, number>): Key | undefined {
  let best: readonly [Key, number] | undefined
  for (const entry of counts) if (!best || entry[1] > best[1]) best = entry
  return best?.[0]
}

/** The level of a heading: by its size among those of the other headings, the largest 1. */
function headingLevels(blocks: readonly PageBlock[]): (block: PageBlock) => number {
  const sizes = [...new Set(blocks.filter(({kind}) => kind === 'heading').map(({size}) => size))].sort(
    (a, b) => b - a,
  )
  const levels: number[] = []
  for (const size of sizes) {
    // Sizes that differ by little are one.
    const last = levels.at(-1)
    if (last === undefined || size < last * 0.95) levels.push(size)
  }
  return ({size}) => {
    const at = levels.findIndex((level) => size >= level * 0.95)
    return Math.min(MAX_LEVELS, (at < 0 ? levels.length : at) + 1)
  }
}
