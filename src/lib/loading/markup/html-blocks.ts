import {collapseSpace} from '../collapse-space.js'
import {escapeBlockStart} from './escape-markdown.js'

type Kind = 'paragraph' | 'heading' | 'item' | 'row' | 'pre'

interface Block {
  readonly kind: Kind
  readonly text: string
}

/** Stands for `<br>` in what is given to `inline`; no text holds it. */
export const HTML_BREAK = '\x00'
/** A row with a longer cell is page layout, not a table. */
const MAX_CELL = 500

/** Gathers the running text of a page into Markdown blocks. Each call costs what it is given. */
export class HtmlBlocks {
  firstHeading = ''
  readonly #blocks: Block[] = []
  #parts: string[] = []
  #heading = 0
  #lists = 0
  #item = false
  #pre: {language: string; inCode: boolean} | undefined
  #row: {cells: string[]; header: boolean} | undefined

  inline(text: string): void {
    this.#parts.push(text)
  }

  /** Both ends of inline code outside preformatted text. */
  codeMark(): void {
    if (this.#pre !== undefined) return
    if (this.#parts.at(-1) === '`') this.#parts.pop()
    else this.#parts.push('`')
  }

  startHeading(level: number): void {
    this.#leaveRow()
    this.#flush()
    this.#heading = level
  }

  endHeading(): void {
    this.#flush()
  }

  startPre(language: string): void {
    this.#leaveRow()
    this.#flush()
    this.#pre = {language, inCode: false}
  }

  preLanguage(language: string): void {
    if (this.#pre !== undefined && this.#pre.language === '') this.#pre.language = language
  }

  endPre(): void {
    this.#flush()
  }

  list(step: 1 | -1): void {
    this.endBlock()
    this.#lists = Math.max(0, this.#lists + step)
  }

  startItem(): void {
    this.endBlock()
    this.#item = this.#row === undefined
  }

  /** A new row, or a table (`isRow` false). One that begins within a row ends that one: tables in tables are layout. */
  startRow(isRow: boolean): void {
    this.#flushRow()
    if (isRow) this.#row = {cells: [], header: false}
  }

  startCell(isHeader: boolean): void {
    if (this.#row === undefined) return
    this.#takeCell()
    if (isHeader) this.#row.header = true
  }

  endRow(): void {
    this.#flushRow()
  }

  endBlock(): void {
    if (this.#pre !== undefined) return
    if (this.#row === undefined) this.#flush()
    else this.#parts.push(' ')
  }

  finish(): void {
    this.#flushRow()
  }

  /** The Markdown of the page. */
  text(): string {
    const out: string[] = []
    let previous: Block | undefined
    for (const block of this.#blocks) {
      const tight =
        previous !== undefined &&
        previous.kind === block.kind &&
        (block.kind === 'item' || block.kind === 'row')
      if (previous !== undefined) out.push(tight ? '\n' : '\n\n')
      out.push(block.text)
      previous = block
    }
    return out.join('')
  }

  #leaveRow(): void {
    if (this.#row !== undefined) this.#flushRow()
  }

  #takeCell(): void {
    const cell = collapse(this.#parts).replaceAll('\n', ' ')
    this.#parts = []
    if (this.#row === undefined) return
    // What stands before the first cell opens is no cell.
    if (cell !== '' || this.#row.cells.length > 0) this.#row.cells.push(cell)
  }

  #flushRow(): void {
    const row = this.#row
    if (row === undefined) return this.#flush()
    this.#takeCell()
    this.#row = undefined
    const cells = row.cells.filter((cell) => cell !== '')
    if (cells.length < 2 || cells.some((cell) => cell.length > MAX_CELL)) {
      for (const cell of cells) this.#add('paragraph', escapeBlockStart(cell))
      return
    }
    this.#add('row', `| ${row.cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    if (row.header && row.cells.length > 1) this.#add('row', `|${' --- |'.repeat(row.cells.length)}`)
  }

  #flush(): void {
    const parts = this.#parts
    this.#parts = []
    if (this.#pre !== undefined) return this.#flushPre(parts)
    const text = collapse(parts)
    const heading = this.#heading
    const item = this.#item
    this.#heading = 0
    if (text === '') return
    this.#item = false
    if (heading > 0) {
      const line = text.replaceAll('\n', ' ')
      if (this.firstHeading === '') this.firstHeading = line
      this.#add('heading', `${'#'.repeat(heading)} ${line}`)
    } else if (item) {
      const indent = '  '.repeat(Math.min(Math.max(this.#lists - 1, 0), 6))
      this.#add('item', `${indent}- ${text.replaceAll('\n', ' ')}`)
    } else this.#add('paragraph', escapeBlockStart(text))
  }

  #flushPre(parts: readonly string[]): void {
    const text = parts.join('').replaceAll(HTML_BREAK, '\n').replace(/^\n+/, '').trimEnd()
    const language = this.#pre?.language ?? ''
    this.#pre = undefined
    if (text === '') return
    let longest = 2
    for (const run of text.match(/`{3,}/g) ?? []) longest = Math.max(longest, run.length)
    const fence = '`'.repeat(longest + 1)
    this.#add('pre', `${fence}${language}\n${text}\n${fence}`)
  }

  #add(kind: Kind, text: string): void {
    this.#blocks.push({kind, text})
  }
}

function collapse(parts: readonly string[]): string {
  const text = parts.join('')
  if (!text.includes(HTML_BREAK)) return collapseSpace(text)
  const lines = text.split(HTML_BREAK).map((line) => collapseSpace(line))
  return lines.filter((line) => line !== '').join('\n')
}
