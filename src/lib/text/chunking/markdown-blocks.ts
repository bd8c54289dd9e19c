import MarkdownIt, {type Token} from 'markdown-it'
import type {Block, BlockWriter} from './block-writer.js'
import {HeadingPath, plainTitle} from './heading-path.js'
import {isBlank, type LineTable} from './line-table.js'
import {KIND, RANK} from './piece-list.js'

/** Characters parsed at a time, to bound the memory that the parser's tokens take; twice as many while one block fills them. */
const SLAB = 1 << 17
/** A list, table or quotation longer than this is read in parts; a fence never, since its end would be taken for a beginning. */
const LONGEST_CONTAINER = 1 << 19
const LEAVES = new Set(['fence', 'code_block', 'html_block'])
/** Deeper nesting is left as text: nobody searches by it, and every level costs a pass over its lines. */
const DEEPEST = 24

const parser = new MarkdownIt({html: true, maxNesting: DEEPEST})

/** Tokens `[from, to)` of one container or of the whole text, and the lines that they cover. */
interface Span {
  readonly tokens: readonly Token[]
  readonly from: number
  readonly to: number
  /** The line of the text that the tokens' line 0 is. */
  readonly base: number
  readonly last: number
  readonly rank: number
}

/**
 * Writes the blocks of a Markdown text: sections by ATX and Setext headings, fences, tables, HTML and small lists whole, larger
 * lists by item, paragraphs by sentence. MDX's `import`, `export` and components are text.
 */
export function writeMarkdown(lines: LineTable, writer: BlockWriter, size: number): void {
  const walk = new MarkdownWalk(lines, writer, size)
  let first = 0
  let length = SLAB
  while (first < lines.count) {
    const last = slabEnd(lines, first, length)
    const tokens: Token[] = []
    parser.block.parse(lines.text.slice(lines.starts[first], lines.starts[last]), parser, {}, tokens)
    const part = wholeBlocks(tokens, last === lines.count)
    if (part.line === 0 && (length < LONGEST_CONTAINER || LEAVES.has(tokens[part.to]!.type))) {
      length *= 2
      continue
    }
    const open = part.line === 0 ? tokens.length : part.to
    const next = part.line > 0 && part.to < tokens.length ? first + part.line : last
    walk.write({tokens, from: 0, to: open, base: first, last: next, rank: RANK.block}, first)
    first = next
    length = SLAB
  }
}

/** The line after the last one that begins within `length` characters of line `first`. */
function slabEnd(lines: LineTable, first: number, length: number): number {
  const limit = lines.starts[first]! + length
  if (limit >= lines.text.length) return lines.count
  let last = first + 1
  while (last < lines.count && lines.starts[last]! < limit) last++
  return last
}

/**
 * The tokens `[0, to)` of the blocks known to be whole, and the line on which the rest begins (0: nothing is whole). The last
 * outermost block may go on behind the slab, so it is read again with the next one, unless the text ends there.
 */
function wholeBlocks(tokens: readonly Token[], atEnd: boolean): {to: number; line: number} {
  for (let index = tokens.length - 1; index >= 0 && !atEnd; index--) {
    const token = tokens[index]!
    if (token.level === 0 && token.nesting >= 0 && token.map) return {to: index, line: token.map[0]}
  }
  return {to: tokens.length, line: Number.POSITIVE_INFINITY}
}

class MarkdownWalk {
  private readonly headings = new HeadingPath()
  private readonly lines: LineTable
  private readonly writer: BlockWriter
  private readonly size: number

  constructor(lines: LineTable, writer: BlockWriter, size: number) {
    this.lines = lines
    this.writer = writer
    this.size = size
  }

  /** Writes the blocks of a span; lines from `first` that no token covers (link definitions, too deep nesting) are prose. */
  write(span: Span, first: number): void {
    let line = first
    let rank = span.rank
    let index = span.from
    while (index < span.to) {
      const token = span.tokens[index]!
      const close = closeOf(span, index)
      const [from, to] = token.map ?? [0, 0]
      const begin = Math.max(line, span.base + from)
      const end = Math.min(span.last, span.base + to)
      if (begin < end) {
        line = this.between(line, begin, rank)
        this.block({...span, from: index, to: close, last: end, rank}, line)
        line = end
        rank = Math.max(rank, RANK.item)
      }
      index = close + 1
    }
    this.between(line, span.last, rank)
  }

  /** Writes lines `[first, last)` that belong to no block, if there is anything on them; answers where the next block begins. */
  private between(first: number, last: number, rank: number): number {
    let line = first
    while (line < last && isBlank(this.lines, line)) line++
    if (line < last) this.writer.prose({first: line, last, rank})
    return last
  }

  private block(span: Span, first: number): void {
    const token = span.tokens[span.from]!
    const block = {first, last: span.last, rank: span.rank}
    switch (token.type) {
      case 'heading_open':
        return this.heading(span, block)
      case 'fence':
      case 'code_block':
      case 'html_block':
        return this.solid(block, 1)
      case 'table_open':
        return this.solid(block, 2)
      case 'bullet_list_open':
      case 'ordered_list_open':
      case 'blockquote_open':
        return this.container(span, first, this.size >> 1)
      case 'list_item_open':
        return this.container(span, first, this.size)
      case 'hr':
        this.solid(block, 1)
        return this.writer.announce()
      default:
        return this.writer.prose(block)
    }
  }

  /** One piece if it fits into a chunk, else line by line with the first `keep` together. */
  private solid(block: Block, keep: number): void {
    if (!this.writer.whole(block, KIND.solid)) this.writer.byLine(block, keep)
  }

  /** A container of at most `limit` tokens is one piece; a larger one is what is in it. */
  private container(span: Span, first: number, limit: number): void {
    const {rank, last} = span
    if (this.writer.whole({first, last, rank}, KIND.lines, limit)) return
    const isList = span.tokens[span.from]!.type.endsWith('list_open')
    this.write({...span, from: span.from + 1, rank: isList ? Math.min(rank, RANK.item) : rank}, first)
  }

  private heading(span: Span, block: Block): void {
    const token = span.tokens[span.from]!
    const title = plainTitle(span.tokens[span.from + 1]?.content ?? '')
    if (token.level > 0 || title === '') return this.writer.prose(block)
    const depth = Number(token.tag.slice(1))
    this.writer.heading(block, this.headings.enter(depth, title), depth)
  }
}

/** Index of the token that closes the one at `index`: itself for fences, rules and the like. */
function closeOf(span: Span, index: number): number {
  const token = span.tokens[index]!
  if (token.nesting !== 1) return index
  let close = index + 1
  while (close < span.to && (span.tokens[close]!.level !== token.level || span.tokens[close]!.nesting !== -1))
    close++
  return close
}
