import type {PageLine} from './reading-order.js'
import type {Segment} from './page-rows.js'
import {tableOf} from './page-tables.js'

/** A block of a page. `lines` are not joined yet. */
export interface PageBlock {
  readonly kind: 'heading' | 'paragraph' | 'item' | 'table' | 'code'
  readonly page: number
  readonly lines: readonly string[]
  readonly size: number
  readonly font: string
}

/** What most of the document is set in. */
export interface BodyStyle {
  readonly size: number
  readonly font: string
}

/** The block that lines are being added to; `gap` is the distance of its lines, once known. */
interface OpenBlock {
  readonly first: PageLine
  readonly gap: number | undefined
  readonly body: BodyStyle
}

/** Headings are larger than the body by this. */
const HEADING_GROWTH = 1.1
const MAX_HEADING = 250
const BULLET = /^(?:[•‣▪●○◦■□–—∙·➢✓*-]|\(?(?:\d{1,3}|[a-z])[.)])\s+\S/u
const MARK = /^[•‣▪●○◦■□–—∙·➢✓*-]\s+/u
const SENTENCE_END = /[.!?:]["”’)]?$/
const NUMBERED_TITLE = /^(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,4}\.?\s+\p{Lu}/u

/** The lines of a page as blocks: by distance, indentation, size and font. */
export function blocksOf(page: number, lines: readonly PageLine[], body: BodyStyle): readonly PageBlock[] {
  const blocks: PageBlock[] = []
  for (let at = 0; at < lines.length;) {
    const table = tableOf(lines, at)
    if (table) {
      blocks.push({kind: 'table', page, lines: table.rows, size: body.size, font: body.font})
      at = table.end
      continue
    }
    const end = endOfBlock(lines, at, body)
    blocks.push(blockOf(page, lines.slice(at, end), body))
    at = end
  }
  return blocks
}

/** The first segment, for the style, of a line with the text of all. */
const styleOf = ({cells}: PageLine): Segment =>
  cells.reduce((best, cell) => (cell.text.length > best.text.length ? cell : best))

export const textOfLine = ({cells}: PageLine): string => cells.map(({text}) => text).join(' ')

function endOfBlock(lines: readonly PageLine[], first: number, body: BodyStyle): number {
  let end = first + 1
  let gap: number | undefined
  while (end < lines.length && !tableOf(lines, end)) {
    const above = lines[end - 1]!
    const line = lines[end]!
    const step = line.y - above.y
    if (parts(above, line, {first: lines[first]!, gap, body})) break
    gap = gap === undefined ? step : Math.min(gap, step)
    end++
  }
  return end
}

/** Whether a new block begins with `line`. */
function parts(above: PageLine, line: PageLine, {first, gap, body}: OpenBlock): boolean {
  const [a, b] = [styleOf(above), styleOf(line)]
  const step = line.y - above.y
  if (a.isMono !== b.isMono || Math.abs(a.size - b.size) > 0.12 * Math.max(a.size, b.size)) return true
  // Back to the top: another column, or another part of the page. A sentence may go on there.
  if (step <= 0 || line.left !== above.left) return !goesOn(textOfLine(above), textOfLine(line))
  if (a.isMono) return step > 2.6 * b.size
  if (isFar(above, line, gap ?? 1.35 * b.size)) return true
  if (a.font !== b.font && (isTitle(above, body) || isTitle(line, body))) return true
  return beginsAnew(first, above, line)
}

/** Lines that a program has spread over the page still go on, when a sentence does. */
function isFar(above: PageLine, line: PageLine, usual: number): boolean {
  const step = line.y - above.y
  if (step > 2.2 * styleOf(line).size) return true
  return step > Math.max(1.3 * usual, usual + 2.5) && !goesOn(textOfLine(above), textOfLine(line))
}

/** By marks of list items, indentation, and lines that end early. */
function beginsAnew(first: PageLine, above: PageLine, line: PageLine): boolean {
  const {size} = styleOf(line)
  if (BULLET.test(textOfLine(line)) && line.cells[0]!.x <= first.cells[0]!.x + 1.5 * size) return true
  return isIndented(above, line) || isHungFrom(first, above, line) || isShort(above, size)
}

/** A first line that is indented, below the end of a sentence: else the lines hang from the first. */
function isIndented(above: PageLine, line: PageLine): boolean {
  const by = line.cells[0]!.x - above.cells[0]!.x
  const size = line.cells[0]!.size
  return by > 0.7 * size && by < 6 * size && SENTENCE_END.test(textOfLine(above))
}

/** Back where the first line began, below lines that hang from it: the next entry of a list. */
function isHungFrom(first: PageLine, above: PageLine, line: PageLine): boolean {
  const x = line.cells[0]!.x
  return (
    above !== first &&
    x < above.cells[0]!.x - 0.7 * line.cells[0]!.size &&
    Math.abs(x - first.cells[0]!.x) < 1
  )
}

/** A last line: it ends a sentence well before the edge of its column. */
function isShort(above: PageLine, size: number): boolean {
  const end = above.cells.at(-1)!.end
  return (
    end < above.right - Math.max(8 * size, (above.right - above.left) * 0.3) &&
    SENTENCE_END.test(textOfLine(above))
  )
}

/** A line in another font than the body that is numbered as titles are. */
function isTitle(line: PageLine, body: BodyStyle): boolean {
  const {font, size, isMono} = styleOf(line)
  const text = textOfLine(line)
  return (
    font !== body.font &&
    !isMono &&
    size >= body.size * 0.98 &&
    text.length < 120 &&
    NUMBERED_TITLE.test(text) &&
    !/[.,;:]$/.test(text)
  )
}

/** Whether a text that was cut off goes on with another. */
export function goesOn(before: string, after: string): boolean {
  return !/[.!?:]["”’)\]]?$/.test(before) && /^["“(]?\p{Ll}/u.test(after)
}

function blockOf(page: number, lines: readonly PageLine[], body: BodyStyle): PageBlock {
  const {size, font, isMono} = styleOf(lines[0]!)
  const texts = lines.map(textOfLine)
  const made = {page, size, font}
  if (isMono) return {...made, kind: 'code', lines: codeLines(lines)}
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  const isLarge = size >= body.size * HEADING_GROWTH && /\p{L}{2}/u.test(texts[0]!)
  if (
    (isLarge && length <= MAX_HEADING && lines.length <= 4) ||
    (lines.length === 1 && isTitle(lines[0]!, body))
  )
    return {...made, kind: 'heading', lines: texts}
  if (BULLET.test(texts[0]!))
    return {...made, kind: 'item', lines: [texts[0]!.replace(MARK, ''), ...texts.slice(1)]}
  return {...made, kind: 'paragraph', lines: texts}
}

/** Lines of code with their indentation, as wide as their letters are. */
function codeLines(lines: readonly PageLine[]): readonly string[] {
  const left = Math.min(...lines.map(({cells}) => cells[0]!.x))
  return lines.map(({cells}) => {
    let text = ''
    for (const cell of cells) {
      const letter = (cell.end - cell.x) / Math.max(1, cell.text.length)
      const column = Math.round((cell.x - left) / Math.max(1, letter))
      text = text.padEnd(Math.min(column, 200)) + cell.text
    }
    return text
  })
}
