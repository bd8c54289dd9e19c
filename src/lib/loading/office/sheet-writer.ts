import {collapseSpace} from '../collapse-space.js'
import {headerRule, tableRow} from '../placed/markdown-table.js'
import type {PlacedText} from '../placed/placed-text.js'

export interface SheetCell {
  /** From 0. */
  readonly column: number
  readonly text: string
  readonly isNumber: boolean
}

interface OpenTable {
  readonly columns: readonly number[]
  readonly rows: number
}

/**
 * Writes the rows of a sheet, one after the other, as Markdown tables. An empty row ends a table. The first row of several cells names the
 * columns, unless it holds only numbers: then their letters do. Rows of one cell above it are paragraphs.
 */
export class SheetWriter {
  readonly #text: PlacedText
  readonly #sheet: string
  #table: OpenTable | undefined
  /** The header of the last table, for rows that go on after an empty one. */
  #header: {readonly columns: readonly number[]; readonly cells: readonly SheetCell[]} | undefined
  #lastRow = 0

  constructor(text: PlacedText, sheet: string) {
    this.#text = text
    this.#sheet = sheet
    text.block(`## ${collapseSpace(sheet)}`)
  }

  /** `number` counts from 1, ascending; rows that are left out are empty. */
  row(number: number, cells: readonly SheetCell[]): void {
    const filled = cells.filter(({text}) => text.trim() !== '')
    if (filled.length === 0) return
    if (number > this.#lastRow + 1) this.#table = undefined
    this.#lastRow = number
    if (this.#table) return this.#add(number, filled, this.#table.columns)
    if (filled.length === 1 && !this.#continues(filled)) return this.#paragraph(number, filled[0]!)
    this.#begin(number, filled)
  }

  #begin(number: number, cells: readonly SheetCell[]): void {
    if (this.#continues(cells)) {
      const {columns, cells: names} = this.#header!
      this.#open(
        columns,
        names.map(({text}) => text),
      )
      return this.#add(number, cells, columns)
    }
    const columns = cells.map(({column}) => column)
    this.#header = {columns, cells}
    if (!cells.every(({isNumber}) => isNumber)) {
      this.#open(
        columns,
        cells.map(({text}) => text),
        number,
      )
      return
    }
    const letters = cells.map(({column}) => ({column, text: columnLetters(column), isNumber: false}))
    this.#header = {columns, cells: letters}
    this.#open(
      columns,
      letters.map(({text}) => text),
    )
    this.#add(number, cells, columns)
  }

  /** Numbers below an empty row, under the columns of the table above. */
  #continues(cells: readonly SheetCell[]): boolean {
    const header = this.#header
    return (
      header !== undefined &&
      cells.some(({isNumber}) => isNumber) &&
      cells.every(({column}) => header.columns.includes(column))
    )
  }

  #open(columns: readonly number[], names: readonly string[], row?: number): void {
    this.#table = {columns, rows: 0}
    const place = row === undefined ? undefined : this.#place(row)
    this.#text.block(tableRow(names), place)
    this.#text.add(`\n${headerRule(columns.length)}`)
  }

  /** Cells outside the columns come last. */
  #add(number: number, cells: readonly SheetCell[], columns: readonly number[]): void {
    const texts: string[] = new Array<string>(columns.length).fill('')
    for (const {column, text} of cells) {
      const at = columns.indexOf(column)
      if (at < 0) texts.push(text)
      else texts[at] = text
    }
    this.#text.block(tableRow(texts), this.#place(number), true)
  }

  #paragraph(number: number, {text}: SheetCell): void {
    this.#text.block(collapseSpace(text), this.#place(number))
  }

  #place(row: number): {
    readonly kind: 'rows'
    readonly sheet: string
    readonly first: number
    readonly last: number
  } {
    return {kind: 'rows', sheet: this.#sheet, first: row, last: row}
  }
}

/** `A` for 0, `AA` for 26. */
function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last
}
