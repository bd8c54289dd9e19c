import MarkdownIt, {type Token} from 'markdown-it'
import type {Block} from '../../model/block.js'
import type {TextLines} from './text-lines.js'
import {blocksOfTokens} from './token-blocks.js'

/** Characters parsed at a time, to bound the memory that the parser's tokens take; twice as many while one block fills them. */
const SLAB = 1 << 17
/** A list, table or quotation longer than this is read in parts; a fence never, since its end would be taken for a beginning. */
const LONGEST_CONTAINER = 1 << 19
const LEAVES = new Set(['fence', 'code_block', 'html_block'])
/** Deeper nesting is left as text: nobody searches by it, and every level costs a pass over its lines. */
const DEEPEST = 24

const parser = new MarkdownIt({html: true, maxNesting: DEEPEST})

/** Lines `[first, last)` of a text. Without it: all. */
export interface LineRange {
  readonly first: number
  readonly last: number
}

/**
 * The outermost blocks of a Markdown text (CommonMark with tables), in order. Every line that is not blank belongs to one: what the
 * parser passes over (link definitions, too deep nesting) comes as paragraphs. Places are lines, the first line being `firstLine`.
 * Time and memory grow with the length of the text, whatever is in it.
 */
export function* markdownBlocks(
  lines: TextLines,
  {first: from, last: to}: LineRange = {first: 0, last: lines.count},
  firstLine = 1,
): Generator<Block, void> {
  let first = from
  let length = SLAB
  while (first < to) {
    const last = slabEnd(lines, {first, last: to}, length)
    const tokens: Token[] = []
    parser.block.parse(lines.text.slice(lines.starts[first], lines.starts[last]), parser, {}, tokens)
    const whole = wholeBlocks(tokens, last === to)
    if (whole.line === 0 && (length < LONGEST_CONTAINER || LEAVES.has(tokens[whole.to]!.type))) {
      length *= 2
      continue
    }
    const open = whole.line === 0 ? tokens.length : whole.to
    const next = whole.line > 0 && whole.to < tokens.length ? first + whole.line : last
    yield* blocksOfTokens({lines, tokens, base: first, firstLine}, {from: 0, to: open, first, last: next})
    first = next
    length = SLAB
  }
}

/** The line after the last one that begins within `length` characters of the first. */
function slabEnd(lines: TextLines, {first, last: to}: LineRange, length: number): number {
  const limit = lines.starts[first]! + length
  if (limit >= lines.starts[to]!) return to
  let last = first + 1
  while (last < to && lines.starts[last]! < limit) last++
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
