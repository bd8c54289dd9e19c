import {columnsOf, cutTo, padTo} from '../output/columns.js'
import {bold, type Screen} from '../output/screen.js'

/** A column: its heading, which side it leans to, and whether it may be cut when the screen is narrow. */
export interface Column {
  readonly title: string
  readonly right?: boolean
  readonly cut?: boolean
}

const GAP = '  '

/**
 * Aligned columns. On a terminal, columns that may be cut give way, the longest first and each down to eight places, so that no line
 * wraps as long as the others leave that much room.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  screen: Screen,
): string {
  const widths = columns.map((column, i) =>
    rows.reduce((most, row) => Math.max(most, columnsOf(row[i] ?? '')), columnsOf(column.title)),
  )
  shrink(columns, widths, screen.width)
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, i) => fit(cells[i] ?? '', widths[i] ?? 0, column))
      .join(GAP)
      .trimEnd()
  const head = line(columns.map((column) => column.title))
  return [bold(head, screen), ...rows.map(line)].map((text) => `${text}\n`).join('')
}

/** `label   value` lines, the labels as wide as the longest. */
export function pairs(entries: readonly (readonly [string, string])[]): string {
  const wide = Math.max(0, ...entries.map(([label]) => columnsOf(label)))
  return entries.map(([label, value]) => `${padTo(label, wide)}  ${value}`.trimEnd() + '\n').join('')
}

function shrink(columns: readonly Column[], widths: number[], width: number): void {
  const total = (): number => widths.reduce((sum, w) => sum + w, GAP.length * (widths.length - 1))
  while (Number.isFinite(width) && total() > width) {
    const cuttable = columns.map((column, i) => (column.cut === true ? (widths[i] ?? 0) : 0))
    const most = Math.max(...cuttable)
    if (most <= 8) return
    widths[cuttable.indexOf(most)] = Math.max(8, most - (total() - width))
  }
}

function fit(text: string, width: number, column: Column): string {
  return padTo(cutTo(text, width), width, column.right)
}
