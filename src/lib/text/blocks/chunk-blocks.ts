import type {Block, ListItem} from '../../model/block.js'
import {splitIndented} from './split-indented.js'
import {splitMarkup, wholeMarkup} from './split-markup.js'
import {markdownBlocks, type LineRange} from './markdown-blocks.js'
import {splitParagraph} from './split-paragraph.js'
import {linesOf, lineText, placedSpan, type TextLines} from './text-lines.js'

const FENCE = /^\s{0,8}(?:```|~~~)/
const BARE_FENCE = /^\s{0,8}(?:```|~~~)\s*$/

/**
 * The blocks of a chunk, to be read for what it says. Beside `markdownBlocks`:
 * - Code that began in an earlier chunk is seen by its closing fence.
 * - What other formats leave in a text is told from running text: rows without a header, terms with their definitions, directives,
 *   templates, link targets, images without words.
 * - Text between the tags of an HTML block is read.
 * `firstLine` is the line of the source on which the chunk begins. Time grows with the length of the text.
 */
export function blocksOfChunk(text: string, firstLine = 1): readonly Block[] {
  const lines = linesOf(text)
  const begun = linesOfBegunCode(lines)
  const blocks = readRange(lines, {first: begun, last: lines.count}, firstLine)
  return begun === 0 ? blocks : [begunCode(lines, begun, firstLine), ...blocks]
}

/** An odd fence out without a language closes code that began in an earlier chunk: how many lines that takes. */
function linesOfBegunCode(lines: TextLines): number {
  let first = -1
  let fences = 0
  for (let line = 0; line < lines.count; line++) {
    if (!FENCE.test(lineText(lines, line))) continue
    if (fences++ === 0) first = line
  }
  return fences % 2 === 1 && BARE_FENCE.test(lineText(lines, first)) ? first + 1 : 0
}

function begunCode(lines: TextLines, last: number, firstLine: number): Block {
  const body = {start: 0, end: lines.starts[last - 1]!}
  const span = placedSpan(lines, {start: 0, end: lines.starts[last]!}, firstLine)
  return {kind: 'code', isIndented: false, body, ...span}
}

function readRange(lines: TextLines, range: LineRange, firstLine: number): readonly Block[] {
  return [...markdownBlocks(lines, range, firstLine)].flatMap((block) => refined(lines, block, firstLine))
}

/** `isNested`: within a list or quotation, where indentation and marks belong to the container. */
function refined(lines: TextLines, block: Block, firstLine: number, isNested = false): readonly Block[] {
  if (block.kind === 'paragraph') return splitParagraph(lines, block, {firstLine, isNested})
  if (block.kind === 'markup')
    return isNested
      ? [wholeMarkup(lines, block)]
      : splitMarkup(lines, block, firstLine, (range) => readRange(lines, range, firstLine))
  if (block.kind === 'list')
    return [{...block, items: block.items.map((item) => refinedItem(lines, item, firstLine))}]
  if (block.kind === 'quote')
    return [{...block, blocks: block.blocks.flatMap((it) => refined(lines, it, firstLine, true))}]
  if (block.kind === 'code' && block.isIndented && !isNested) return splitIndented(lines, block, firstLine)
  return [block]
}

function refinedItem(lines: TextLines, item: ListItem, firstLine: number): ListItem {
  return {...item, blocks: item.blocks.flatMap((it) => refined(lines, it, firstLine, true))}
}
