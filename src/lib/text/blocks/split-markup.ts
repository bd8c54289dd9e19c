import type {Block, BlockOf} from '../../model/block.js'
import type {LineRange} from './markdown-blocks.js'
import {lineAt, lineText, placedSpan, type TextLines} from './text-lines.js'

/** Comments, declarations, and elements whose text is not for reading. */
const UNREAD = /^<(?:[!?]|(?:script|style|pre|textarea)\b)/i
const ONLY_TAGS = /^\s*(?:<\/?[a-z][^<>]*>\s*)+$/i

/**
 * What an outermost HTML block says between its tags: lines of nothing but tags are markup, what stands between them is read by
 * `read`. A block without such lines is a paragraph that holds tags.
 */
export function splitMarkup(
  lines: TextLines,
  block: BlockOf<'markup'>,
  firstLine: number,
  read: (range: LineRange) => readonly Block[],
): readonly Block[] {
  if (isUnread(lines, block)) return [block]
  const first = lineAt(lines, block.start)
  const last = lineAt(lines, block.end - 1) + 1
  const blocks: Block[] = []
  for (let line = first; line < last;) {
    const isTags = ONLY_TAGS.test(lineText(lines, line))
    const from = line++
    while (line < last && ONLY_TAGS.test(lineText(lines, line)) === isTags) line++
    if (!isTags && line - from === last - first) return [paragraphOf(block)]
    if (!isTags) blocks.push(...read({first: from, last: line}))
    else {
      const stretch = {start: lines.starts[from]!, end: lines.starts[line]!}
      blocks.push({kind: 'markup', ...placedSpan(lines, stretch, firstLine)})
    }
  }
  return blocks
}

/** An HTML block within a list or quotation, whose lines are not its own alone: as a whole markup, or a paragraph. */
export function wholeMarkup(lines: TextLines, block: BlockOf<'markup'>): Block {
  const isMarkup = isUnread(lines, block) || ONLY_TAGS.test(lines.text.slice(block.start, block.end))
  return isMarkup ? block : paragraphOf(block)
}

function isUnread({text}: TextLines, {start}: Block): boolean {
  return UNREAD.test(text.slice(start, start + 12))
}

const paragraphOf = (block: Block): Block => ({...block, kind: 'paragraph'}) as BlockOf<'paragraph'>
