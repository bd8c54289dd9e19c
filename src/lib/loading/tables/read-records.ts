import type {LoadFault} from '../../model/document.js'

/** A record of a table, with the lines of the source on which it stands. */
export interface TableRecord {
  readonly cells: readonly string[]
  readonly first: number
  readonly last: number
}

/** A field in quotes that goes on over more lines was never closed. */
const MOST_LINES = 200

/**
 * Reads delimited text: RFC 4180, with other delimiters, rows of any width, white space before a quote. What is no CSV is read as it
 * stands, and named with its line: a quote within a field, one that is never closed, text after a closing quote, `\"`. Records without
 * any text are left out. Linear in the length of the text.
 */
export function readRecords(
  text: string,
  delimiter: string,
  firstLine = 1,
): {readonly records: readonly TableRecord[]; readonly faults: readonly LoadFault[]} {
  const reader = new RecordReader(text, delimiter, firstLine)
  return {records: reader.all(), faults: reader.faults}
}

interface Quoted {
  readonly value: string
  /** Behind the closing quote and white space. */
  readonly end: number
}

class RecordReader {
  readonly faults: LoadFault[] = []
  readonly #text: string
  readonly #delimiter: string
  #at = 0
  #line: number

  constructor(text: string, delimiter: string, firstLine: number) {
    this.#text = text
    this.#delimiter = delimiter
    this.#line = firstLine
  }

  all(): readonly TableRecord[] {
    const records: TableRecord[] = []
    while (this.#at < this.#text.length) {
      const first = this.#line
      const cells = this.#record()
      if (cells.some((cell) => cell.trim() !== '')) records.push({cells, first, last: this.#line})
      this.#at++
      this.#line++
    }
    return records
  }

  /** The cells of the record that begins here, up to its line end. */
  #record(): readonly string[] {
    const cells = [this.#cell()]
    while (this.#text[this.#at] === this.#delimiter) {
      this.#at++
      cells.push(this.#cell())
    }
    return cells
  }

  #cell(): string {
    const start = this.#at
    let quote = start
    while (this.#text[quote] === ' ') quote++
    if (this.#text[quote] === '"') {
      const quoted = this.#quoted(quote)
      if (quoted) {
        this.#at = quoted.end
        return quoted.value
      }
    }
    while (!this.#endsCell(this.#at)) this.#at++
    const cell = this.#text.slice(start, this.#at)
    if (quote === start && cell.startsWith('"')) this.#fault('a quote that is not closed as it should be')
    else if (cell.includes('"')) this.#fault('a quote within a field without quotes')
    return cell
  }

  /** The field in quotes that opens here; undefined when it is none: its quotes are then text. */
  #quoted(open: number): Quoted | undefined {
    const parts: string[] = []
    let isStray = false
    let isEscaped = false
    for (let from = open + 1; ;) {
      const quote = this.#text.indexOf('"', from)
      if (quote < 0) return undefined
      const before = this.#text.slice(from, quote)
      const end = this.#behindSpaces(quote + 1)
      const kind = this.#kindOf(quote, {end, before, isEscaped})
      isEscaped ||= kind === 'escaped'
      isStray ||= kind === 'stray'
      // A field with stray quotes ends before the next one that begins with a quote, and on its line.
      if (isStray && (this.#opensCell(quote) || this.#text.slice(open, quote).includes('\n')))
        return undefined
      if (kind === 'closing') return this.#closed([...parts, before].join(''), {open, end, isStray})
      parts.push(kind === 'escaped' ? before.slice(0, -1) : before, '"')
      from = quote + (kind === 'doubled' ? 2 : 1)
    }
  }

  /** What a quote within a field in quotes means. `end`: behind white space after it. */
  #kindOf(
    quote: number,
    {end, before, isEscaped}: {readonly end: number; readonly before: string; readonly isEscaped: boolean},
  ): 'doubled' | 'escaped' | 'closing' | 'stray' {
    if (this.#text[quote + 1] === '"') return 'doubled'
    const isClosing = this.#endsCell(end)
    if (before.endsWith('\\') && (isEscaped || !isClosing)) return 'escaped'
    return isClosing ? 'closing' : 'stray'
  }

  #closed(
    value: string,
    {open, end, isStray}: {open: number; end: number; isStray: boolean},
  ): Quoted | undefined {
    const lines = linesIn(this.#text, open, end)
    if (lines > MOST_LINES || (isStray && lines > 0)) return undefined
    if (isStray) this.#fault('quotes within a field that are not doubled')
    this.#line += lines
    return {value, end}
  }

  #fault(message: string): void {
    this.faults.push({message, line: this.#line})
  }

  #endsCell(at: number): boolean {
    const character = this.#text[at]
    return character === undefined || character === '\n' || character === this.#delimiter
  }

  #opensCell(at: number): boolean {
    let before = at - 1
    while (this.#text[before] === ' ') before--
    return this.#text[before] === this.#delimiter
  }

  #behindSpaces(at: number): number {
    while (this.#text[at] === ' ') at++
    return at
  }
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
