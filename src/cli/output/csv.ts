/** What a spreadsheet takes for a formula, when a cell begins with it. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** How lines of CSV are written (RFC 4180, but for `\n` line ends). */
export interface CsvStyle {
  /** Cells that a spreadsheet would run stay as they are; else an apostrophe is put before them. Numbers always stay. */
  readonly raw: boolean
}

/** One line: cells are quoted only where they must be. */
export function csvLine(cells: readonly string[], {raw}: CsvStyle): string {
  return `${cells.map((cell) => quoted(raw ? cell : defused(cell))).join(',')}\n`
}

const defused = (cell: string): string => (FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell)

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
