import type {Token} from 'markdown-it'
import type {Block, BlockOf, ListItem, Place, TableRow} from '../../model/block.js'
import {skipSpace} from '../characters/character-class.js'
import {tableRow} from './table-row.js'
import {isBlankLine, placeOfLines, trimmedEnd, type TextLines} from './text-lines.js'

/** Tokens that markdown-it made of a part of a text. */
export interface Tokens {
  readonly lines: TextLines
  readonly tokens: readonly Token[]
  /** The line of the text that the tokens' line 0 is. */
  readonly base: number
  /** The line of the source that line 0 of the text is. */
  readonly firstLine: number
}

/** Tokens `[from, to)` and the lines `[first, last)` that they were made of: a whole text's, or those inside a container. */
interface Inside {
  readonly from: number
  readonly to: number
  readonly first: number
  readonly last: number
  /** Where the content begins on line `first`, behind the mark of its container. */
  readonly start?: number
  /** Lines begin with the marks of a quotation. */
  readonly isQuoted?: boolean
}

/** The tokens and lines of one block, from its opening token on, with its span. */
interface Found extends Inside {
  readonly isQuoted: boolean
  readonly start: number
  readonly end: number
  readonly place: Place
}

const ITEM_MARK = /[-*+]|\d{1,9}[.)]/y
const QUOTE_MARK = 0x3e

/** The blocks that tokens stand for, in order. Lines that no token covers are paragraphs. */
export function blocksOfTokens(source: Tokens, inside: Inside): readonly Block[] {
  const blocks: Block[] = []
  eachFound(source, inside, (found, token) => blocks.push(blockOf(source, found, token)))
  return blocks
}

type Visitor = (found: Found, token: Token | undefined) => void

/** Visits the outermost blocks; without a token, the lines between them that are not blank. */
function eachFound(source: Tokens, inside: Inside, visit: Visitor): void {
  const {tokens, base, lines} = source
  let line = inside.first
  const skipTo = (last: number): void => {
    while (line < last && isBlankLine(lines, line)) line++
    if (line < last) visit(foundIn(source, inside, {from: 0, to: 0, first: line, last}), undefined)
  }
  for (let index = inside.from; index < inside.to; index++) {
    const token = tokens[index]!
    const close = closeOf(tokens, index, inside.to)
    const [from, to] = token.map ?? [0, 0]
    const first = Math.max(line, base + from)
    const last = Math.min(inside.last, base + to)
    if (first < last) {
      skipTo(first)
      visit(foundIn(source, inside, {from: index, to: close, first, last}), token)
      line = last
    }
    index = close
  }
  skipTo(inside.last)
}

/** Index of the token that closes the one at `index`: itself for fences, rules and the like. */
function closeOf(tokens: readonly Token[], index: number, to: number): number {
  const {nesting, level} = tokens[index]!
  if (nesting !== 1) return index
  let close = index + 1
  while (close < to && (tokens[close]!.level !== level || tokens[close]!.nesting !== -1)) close++
  return close
}

function foundIn({lines, firstLine}: Tokens, inside: Inside, own: Inside): Found {
  const {starts} = lines
  const isQuoted = inside.isQuoted === true
  const from = own.first === inside.first && inside.start !== undefined ? inside.start : starts[own.first]!
  const start = contentStart(lines, own.first, from, isQuoted)
  const end = trimmedEnd(lines.text, start, starts[own.last]!)
  let last = own.last
  while (last > own.first + 1 && starts[last - 1]! >= end) last--
  const place = placeOfLines(own.first, last, firstLine)
  // Written out: a spread that is not the last of an object makes each object slow.
  return {from: own.from, to: own.to, first: own.first, last: own.last, isQuoted, start, end, place}
}

/** What stands in a container whose content begins at `start`. */
function within({from, to, first, last}: Found, start: number, isQuoted: boolean): Inside {
  return {from: from + 1, to, first, last, start, isQuoted}
}

/** Where a line's content begins behind white space and marks of quotations; at the latest at its line feed, so that it stays on the line. */
function contentStart({text, starts}: TextLines, line: number, from: number, isQuoted: boolean): number {
  const feed = Math.max(starts[line]!, starts[line + 1]! - 1)
  let at = skipSpace(text, from, feed)
  while (isQuoted && at < feed && text.charCodeAt(at) === QUOTE_MARK) at = skipSpace(text, at + 1, feed)
  return at
}

function blockOf(source: Tokens, found: Found, token: Token | undefined): Block {
  const {start, end, place} = found
  if (token === undefined) return {kind: 'paragraph', start, end, place}
  switch (token.type) {
    case 'heading_open':
      return headingOf(source, found, token)
    case 'fence':
      return fenceOf(source, found, token)
    case 'code_block':
      return {
        kind: 'code',
        isIndented: true,
        body: {start: source.lines.starts[found.first]!, end},
        start,
        end,
        place,
      }
    case 'html_block':
      return {kind: 'markup', start, end, place}
    case 'hr':
      return {kind: 'rule', start, end, place}
    case 'table_open':
      return tableOf(source, found)
    case 'bullet_list_open':
    case 'ordered_list_open': {
      const isOrdered = token.type === 'ordered_list_open'
      return {kind: 'list', isOrdered, items: itemsOf(source, found), start, end, place}
    }
    case 'blockquote_open':
      return {kind: 'quote', blocks: blocksOfTokens(source, within(found, start, true)), start, end, place}
    default:
      return {kind: 'paragraph', start, end, place}
  }
}

/** The title is the heading's line without its marks; of an underlined one, all lines above the underline. */
function headingOf(
  {lines, tokens}: Tokens,
  {from, first, start, end, place}: Found,
  token: Token,
): BlockOf<'heading'> {
  const content = tokens[from + 1]?.content ?? ''
  const line = lines.starts[first]!
  const behind = token.markup.startsWith('#') ? start - line + token.markup.length : 0
  const at = content === '' ? -1 : lines.text.slice(line, end).indexOf(content, behind)
  const title = at === -1 ? {start: end, end} : {start: line + at, end: line + at + content.length}
  return {kind: 'heading', level: Number(token.tag.slice(1)), title, start, end, place}
}

function fenceOf(
  {lines}: Tokens,
  {first, last, start, end, place, isQuoted}: Found,
  token: Token,
): BlockOf<'code'> {
  const language = /\S+/.exec(token.info)?.[0]
  const from = Math.min(lines.starts[first + 1]!, end)
  const fence = last - first > 1 ? contentStart(lines, last - 1, lines.starts[last - 1]!, isQuoted) : end
  const isClosed = fence < end && lines.text.startsWith(token.markup, fence)
  const body = {start: from, end: isClosed ? lines.starts[last - 1]! : end}
  return language === undefined
    ? {kind: 'code', isIndented: false, body, start, end, place}
    : {kind: 'code', isIndented: false, language, body, start, end, place}
}

function tableOf({lines, firstLine}: Tokens, found: Found): BlockOf<'table'> {
  const {first, last, start, end, place, isQuoted} = found
  const rowOn = (line: number): TableRow => {
    const from = contentStart(lines, line, line === first ? start : lines.starts[line]!, isQuoted)
    const row = tableRow(lines.text, {start: from, end: lines.starts[line + 1]!})
    return {start: row.start, end: row.end, cells: row.cells, place: placeOfLines(line, line + 1, firstLine)}
  }
  const rows: TableRow[] = []
  // The second line is the rule under the header.
  for (let line = first + 2; line < last; line++) rows.push(rowOn(line))
  return {kind: 'table', header: rowOn(first), rows, start, end, place}
}

function itemsOf(source: Tokens, list: Found): readonly ListItem[] {
  const items: ListItem[] = []
  eachFound(source, within(list, list.start, list.isQuoted), (found, token) => {
    const {place} = found
    const start = afterMark(source.lines, found)
    const end = Math.max(start, found.end)
    const blocks: readonly Block[] = token
      ? blocksOfTokens(source, within(found, start, found.isQuoted))
      : [{kind: 'paragraph', start: found.start, end: found.end, place}]
    items.push({start, end, place, blocks})
  })
  return items
}

/** Where an item's content begins. */
function afterMark({text, starts}: TextLines, {first, start}: Found): number {
  ITEM_MARK.lastIndex = start
  const mark = ITEM_MARK.exec(text)?.[0].length ?? 0
  const feed = Math.max(starts[first]!, starts[first + 1]! - 1)
  return skipSpace(text, Math.min(start + mark, feed), feed)
}
