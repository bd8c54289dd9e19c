import type {LoadedDocument} from '../../model/document.js'
import type {RawFile} from '../../ports/document-loader.js'
import {attributeOf, readXml, type Attributes, type XmlHandler} from '../archive/xml-part.js'
import {ZipDocument} from '../archive/zip.js'
import {fileTitle} from '../file-title.js'
import {PlacedText} from '../placed/placed-text.js'
import {shownNumber} from './number-formats.js'
import {readProperties} from './package-parts.js'
import {SheetWriter, type SheetCell} from './sheet-writer.js'
import {readWorkbook, type Workbook} from './workbook.js'

const MAX_COLUMNS = 16_384
const MAX_CELL = 32_767

/**
 * XLSX: each sheet a heading with tables below it, each row in its place. Formulas are their last result, dates are ISO dates.
 * @throws RagError NOT_TEXT (encrypted, empty) | BAD_INPUT | TOO_LARGE
 */
export async function readXlsx({name, bytes}: RawFile): Promise<LoadedDocument> {
  const archive = await ZipDocument.open(name, 'XLSX', bytes)
  const from = {file: name, kind: 'XLSX', archive}
  const workbook = await readWorkbook(from)
  const {title, language, metadata} = await readProperties(from, 'docProps/core.xml')
  const text = new PlacedText()
  let cells = 0
  for (const sheet of workbook.sheets) {
    const rows = new SheetRows(workbook, new SheetWriter(text, sheet.name))
    await readXml({...from, part: sheet.part}, rows)
    cells += rows.cells
  }
  return {
    title: title ?? fileTitle(name),
    text: text.text(),
    format: 'markdown',
    firstLine: 1,
    language,
    metadata,
    places: text.places(),
    ...(cells === 0 ? {faults: [{message: 'it holds no text: its sheets are empty'}]} : {}),
  }
}

/** Takes the rows of a sheet as they come. */
class SheetRows implements XmlHandler {
  cells = 0
  readonly #workbook: Workbook
  readonly #writer: SheetWriter
  #row: SheetCell[] = []
  #number = 0
  #column = -1
  #type = ''
  #style = 0
  #value = ''
  #isValue = false

  constructor(workbook: Workbook, writer: SheetWriter) {
    this.#workbook = workbook
    this.#writer = writer
  }

  open(name: string, attributes: Attributes): void {
    this.#isValue = false
    if (name === 'row') {
      this.#number = Number(attributes['r']) || this.#number + 1
      this.#row = []
      this.#column = -1
    } else if (name === 'c') {
      const column = columnOf(attributes['r'])
      this.#column = column >= 0 && column < MAX_COLUMNS ? column : this.#column + 1
      this.#type = attributes['t'] ?? 'n'
      this.#style = Number(attributeOf(attributes, 's') ?? 0)
      this.#value = ''
    } else this.#isValue = name === 'v' || name === 't'
  }

  text(text: string): void {
    if (this.#isValue && this.#value.length < MAX_CELL) this.#value += text
  }

  close(name: string): void {
    this.#isValue = false
    if (name === 'c') this.#endCell()
    else if (name === 'row') this.#writer.row(this.#number, this.#row)
  }

  #endCell(): void {
    if (this.#value === '') return
    const {strings, formats, is1904} = this.#workbook
    const isNumber = this.#type === 'n' || this.#type === 'd'
    const text =
      this.#type === 's'
        ? (strings[Number(this.#value)] ?? '')
        : this.#type === 'b'
          ? this.#value === '1'
            ? 'TRUE'
            : 'FALSE'
          : this.#type === 'n'
            ? shownNumber(this.#value, formats[this.#style] ?? 'general', is1904)
            : this.#value
    this.cells++
    this.#row.push({column: this.#column, text, isNumber})
  }
}

/** The column of a reference such as `AB12`, from 0; -1 when there is none. */
function columnOf(reference: string | undefined): number {
  let column = 0
  for (const letter of /^[A-Z]{1,3}/.exec(reference ?? '')?.[0] ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}
