import {attributeOf, type Attributes} from '../archive/xml-part.js'
import {shownNumber} from '../office/number-formats.js'
import type {SheetCell, SheetWriter} from '../office/sheet-writer.js'

/** A filled cell or row that is repeated more often says nothing more. */
const MAX_REPEATED_CELLS = 256
const MAX_REPEATED_ROWS = 1000

interface OpenCell {
  readonly times: number
  readonly type: string
  readonly value: string
  readonly paragraphs: string[]
}

/** Takes the rows of one table: into a sheet as they come, or kept until the table ends. */
export class OpenDocumentTable {
  readonly rows: string[][] = []
  readonly #sheet: SheetWriter | undefined
  #depth = 1
  #row = 0
  #rowTimes = 1
  #column = 0
  #cells: SheetCell[] = []
  #cell: OpenCell | undefined

  constructor(sheet: SheetWriter | undefined) {
    this.#sheet = sheet
  }

  /** Whether the table of the file has ended: those within its cells are text of the cells. */
  get isOver(): boolean {
    return this.#depth === 0
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'table') this.#depth++
    else if (this.#depth > 1) return
    else if (name === 'table-row') {
      this.#rowTimes = timesOf(attributes, 'number-rows-repeated')
      this.#cells = []
      this.#column = 0
    } else if (name === 'table-cell' || name === 'covered-table-cell')
      this.#cell = {
        times: timesOf(attributes, 'number-columns-repeated'),
        type: attributeOf(attributes, 'value-type') ?? 'string',
        value:
          attributeOf(attributes, 'date-value') ??
          attributeOf(attributes, 'boolean-value') ??
          attributeOf(attributes, 'value') ??
          '',
        paragraphs: [],
      }
  }

  paragraph(text: string): void {
    this.#cell?.paragraphs.push(text)
  }

  close(name: string): void {
    if (name === 'table') this.#depth--
    else if (this.#depth > 1) return
    else if (name === 'table-row') this.#endRow()
    else if (name === 'table-cell' || name === 'covered-table-cell') this.#endCell()
  }

  #endCell(): void {
    const cell = this.#cell
    this.#cell = undefined
    if (!cell) return
    const text = this.#sheet ? shownValue(cell) : cell.paragraphs.join(' ')
    const isNumber = this.#sheet !== undefined && cell.type !== 'string' && cell.type !== 'boolean'
    // Empty cells of a text's table count: they keep the others in their columns.
    if (text !== '' || !this.#sheet)
      for (let i = 0; i < Math.min(cell.times, MAX_REPEATED_CELLS); i++)
        this.#cells.push({column: this.#column + i, text, isNumber})
    this.#column += cell.times
  }

  #endRow(): void {
    if (this.#sheet) {
      if (this.#cells.length > 0)
        for (let i = 0; i < Math.min(this.#rowTimes, MAX_REPEATED_ROWS); i++)
          this.#sheet.row(this.#row + i + 1, this.#cells)
    } else this.rows.push(this.#cells.map(({text}) => text))
    this.#row += this.#rowTimes
  }
}

function timesOf(attributes: Attributes, name: string): number {
  return Math.max(1, Math.min(Number(attributeOf(attributes, name) ?? 1) || 1, 1_048_576))
}

/** A value as sheets of other formats show it: by what it is, not by how its cell is formatted. */
function shownValue({type, value, paragraphs}: OpenCell): string {
  if (type === 'float' || type === 'currency') return shownNumber(value, 'general', false)
  if (type === 'percentage') return shownNumber(value, 'percent', false)
  if (type === 'boolean') return value.toUpperCase()
  if (type === 'date') return value.replace(/T00:00:00(?:\.0+)?$/, '').replace('T', ' ')
  return paragraphs.join(' ')
}
