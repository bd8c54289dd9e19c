import {bold, type Look} from '../output/screen.js'

/** A column: its heading, which side it leans to, and whether it may be cut when the screen is narrow. */
export interface Column {
  readonly title: string
  readonly right?: boolean
  readonly cut?: boolean
}

const GAP = '  '

/** Aligned columns. On a terminal a line never wraps: columns that may be cut give way, the longest first. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], look: Look): string {
  const widths = columns.map((column, i) =>
    rows.reduce((most, row) => Math.max(most, length(row[i] ?? '')), length(column.title)),
  )
  shrink(columns, widths, look.width)
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, i) => fit(cells[i] ?? '', widths[i] ?? 0, column))
      .join(GAP)
      .trimEnd()
  const head = line(columns.map((column) => column.title))
  return [bold(head, look), ...rows.map(line)].map((text) => `${text}\n`).join('')
}

/** `label   value` lines, the labels as wide as the longest. */
export function pairs(entries: readonly (readonly [string, string])[]): string {
  const wide = Math.max(0, ...entries.map(([label]) => label.length))
  return entries.map(([label, value]) => `${label.padEnd(wide)}  ${value}`.trimEnd() + '\n').join('')
}

/** Cuts a text to so many characters, with an ellipsis as the last of them. */
export function cutTo(text: string, width: number): string {
  if (length(text) <= width) return text
  return `${[...text].slice(0, Math.max(0, width - 1)).join('')}…`
}

/** Folds a text into lines of at most `width` characters, at spaces; longer words are broken. */
export function wrap(text: string, width: number): readonly string[] {
  if (!Number.isFinite(width)) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && length(line) + 1 + length(word) > width) {
      lines.push(line)
      line = ''
    }
    let rest = line === '' ? word : `${line} ${word}`
    while (length(rest) > width) {
      lines.push(rest.slice(0, width))
      rest = rest.slice(width)
    }
    line = rest
  }
  return [...lines, line]
}

/** Control characters of a document must not reach the terminal: they could move the cursor or set its title. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, (run) => (run === '\u200d' || run === '\u00ad' ? '' : ' '))
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
  const cut = cutTo(text, width)
  const space = ' '.repeat(Math.max(0, width - length(cut)))
  return column.right === true ? space + cut : cut + space
}

function length(text: string): number {
  return [...text].length
}
