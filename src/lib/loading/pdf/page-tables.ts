import type {PageLine} from './reading-order.js'
import type {Segment} from './page-rows.js'
import {headerRule, tableRow} from '../placed/markdown-table.js'

const MIN_ROWS = 3
const MAX_CELL = 300

interface Column {
  x: number
  end: number
}

/** The table that begins with a line: its rows as Markdown, and the line after it. Cells that go on below stay one cell. */
export function tableOf(
  lines: readonly PageLine[],
  first: number,
): {readonly rows: readonly string[]; readonly end: number} | undefined {
  if (lines[first]!.cells.length < 2) return undefined
  const end = endOfRun(lines, first)
  const full = lines.slice(first, end).filter(({cells}) => cells.length > 1)
  if (full.length < MIN_ROWS) return undefined
  const columns = columnsOf(full)
  // Cells of most rows stand in columns of their own: else it is justified text or a formula.
  if (columns.length < 2 || columns.length > 40) return undefined
  if (full.filter(({cells}) => cells.length >= columns.length - 1).length * 2 < full.length) return undefined
  const rows: string[][] = []
  for (const line of lines.slice(first, end)) addRow(rows, line, columns)
  if (rows.length < 2 || rows.some((row) => row.some((cell) => cell.length > MAX_CELL))) return undefined
  const [header, ...others] = rows.map((row) => tableRow(row))
  return {rows: [header!, headerRule(columns.length), ...others], end}
}

/** Lines of several cells, with single cells between them, at the same distance. */
function endOfRun(lines: readonly PageLine[], first: number): number {
  let end = first + 1
  for (let at = first + 1; at < lines.length; at++) {
    const above = lines[at - 1]!
    const line = lines[at]!
    const step = line.y - above.y
    if (Math.abs(line.cells[0]!.size - lines[first]!.cells[0]!.size) > 0.12 * line.cells[0]!.size) break
    if (step <= 0 || step > 3.2 * line.cells[0]!.size || line.left !== above.left) break
    if (line.cells.length > 1) end = at + 1
    else if (at - end >= 2 || line.cells[0]!.text.length > 80) break
  }
  return end
}

/** Where the columns are: cells that lie over one another are of one column. */
function columnsOf(lines: readonly PageLine[]): readonly Column[] {
  const columns: Column[] = []
  for (const {x, end} of lines.flatMap(({cells}) => cells).sort((a, b) => a.x - b.x)) {
    const last = columns.at(-1)
    if (last && x < last.end - 1) last.end = Math.max(last.end, end)
    else columns.push({x, end})
  }
  return columns
}

function addRow(rows: string[][], {cells}: PageLine, columns: readonly Column[]): void {
  const row = columns.map(() => '')
  for (const cell of cells) {
    const at = columnOf(cell, columns)
    row[at] = row[at] === '' ? cell.text : `${row[at]} ${cell.text}`
  }
  const above = rows.at(-1)
  // Nothing in the first column: the cells above go on.
  if (above && row[0] === '' && cells.length < columns.length)
    row.forEach((text, at) => {
      if (text !== '') above[at] = `${above[at] ?? ''} ${text}`.trim()
    })
  else rows.push(row)
}

function columnOf({x, end}: Segment, columns: readonly Column[]): number {
  const middle = (x + end) / 2
  const at = columns.findIndex((column) => middle <= column.end)
  return at < 0 ? columns.length - 1 : at
}
