import type {Block, BlockOf} from '../../model/block.js'
import {ITEM, splitParagraph} from './split-paragraph.js'
import {isBlankLine, lineAt, lineText, placedSpan, type TextLines} from './text-lines.js'

const FENCE = /^\s*(?:```|~~~)/

/**
 * Indented code as other formats write it, who indent whole parts of a text (admonitions, definitions): code in fences is code, lists are
 * lists, and the rest comes in as many blocks as blank lines part it into.
 */
export function splitIndented(lines: TextLines, block: BlockOf<'code'>, firstLine: number): readonly Block[] {
  const blocks: Block[] = []
  const last = lineAt(lines, block.end - 1) + 1
  for (let line = lineAt(lines, block.start); line < last;) {
    const from = line++
    if (isBlankLine(lines, from)) continue
    const isFenced = FENCE.test(lineText(lines, from))
    const isFence = (at: number): boolean => FENCE.test(lineText(lines, at))
    if (isFenced) while (line < last && !isFence(line++));
    else while (line < last && !isBlankLine(lines, line) && !isFence(line)) line++
    const code = codeOn(lines, {first: from, last: line, isFenced}, firstLine)
    if (ITEM.test(lineText(lines, from)))
      blocks.push(...splitParagraph(lines, {...code, kind: 'paragraph'}, {firstLine, isNested: false}))
    else blocks.push(code)
  }
  return blocks
}

interface Run {
  readonly first: number
  readonly last: number
  readonly isFenced: boolean
}

function codeOn(lines: TextLines, {first, last, isFenced}: Run, firstLine: number): BlockOf<'code'> {
  const {starts} = lines
  const span = placedSpan(lines, {start: starts[first]!, end: starts[last]!}, firstLine)
  const isClosed = isFenced && last - first > 1 && FENCE.test(lineText(lines, last - 1))
  const start = Math.min(starts[isFenced ? first + 1 : first]!, span.end)
  const body = {start, end: Math.max(start, isClosed ? starts[last - 1]! : span.end)}
  return {kind: 'code', isIndented: !isFenced, body, ...span}
}
