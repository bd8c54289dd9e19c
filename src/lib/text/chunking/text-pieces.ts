import type {PieceWriter} from './piece-writer.js'
import {HeadingPath} from './heading-path.js'
import {isBlank, type LineTable} from './line-table.js'
import {RANK} from './piece-list.js'

/** Shortest rule that makes the line above it a title, and the longest line that can be a title. */
const SHORTEST_RULE = 3
const LONGEST_TITLE = 200

/**
 * Writes the blocks of a plain text: paragraphs between blank lines, by sentence where long. A line at the beginning of a paragraph
 * that is underlined (and perhaps overlined) by one repeated mark at least as long is a title, as in reStructuredText; titles with the
 * same marks have the same depth.
 */
export function writeText(lines: LineTable, writer: PieceWriter): void {
  const headings = new HeadingPath()
  const styles: string[] = []
  let line = 0
  while (line < lines.count) {
    if (isBlank(lines, line)) {
      line++
      continue
    }
    const title = titleAt(lines, line)
    if (title) {
      if (!styles.includes(title.style)) styles.push(title.style)
      const depth = styles.indexOf(title.style) + 1
      const block = {first: line, last: title.last, rank: RANK.section}
      writer.heading(block, headings.enter(depth, title.title), depth)
      line = title.last
      continue
    }
    let last = line + 1
    while (last < lines.count && !isBlank(lines, last)) last++
    writer.prose({first: line, last, rank: RANK.block})
    line = last
  }
}

/** The title that begins on line `line`, if one does. */
function titleAt(lines: LineTable, line: number): {title: string; style: string; last: number} | undefined {
  const over = ruleOn(lines, line)
  const at = over === undefined ? line : line + 1
  const under = ruleOn(lines, at + 1)
  if (under === undefined || ruleOn(lines, at) !== undefined) return undefined
  const row = rowText(lines, at) ?? ''
  const title = row.trim()
  const fits = title !== '' && under.length >= title.length
  const agrees = over === undefined ? row.startsWith(title) : over === under
  return fits && agrees
    ? {title, style: (over === undefined ? '' : '=') + under.charAt(0), last: at + 2}
    : undefined
}

/** The rule on a line: one repeated mark and nothing else. */
function ruleOn(lines: LineTable, line: number): string | undefined {
  const row = rowText(lines, line)?.trimEnd()
  if (row === undefined || row.length < SHORTEST_RULE || !'=-~^"\'*+#`:._'.includes(row.charAt(0)))
    return undefined
  for (let at = 1; at < row.length; at++) if (row.charCodeAt(at) !== row.charCodeAt(0)) return undefined
  return row
}

/** The text of a line that is short enough to be a title. */
function rowText(lines: LineTable, line: number): string | undefined {
  if (line >= lines.count) return undefined
  const start = lines.starts[line]!
  const end = lines.starts[line + 1]!
  return end - start > LONGEST_TITLE ? undefined : lines.text.slice(start, end).replace(/\n$/, '')
}
