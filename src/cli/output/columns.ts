import {createRequire} from 'node:module'

/** Characters of one column each, the bulk of Latin, Greek and Cyrillic texts. */
const NARROW =
  /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u0384-\u0482\u048a-\u052f\u2010-\u2027\u2039\u203a]*$/

let measure: ((text: string) => number) | undefined
let graphemes: Intl.Segmenter | undefined

/** Columns that a text takes on a terminal: two for wide characters and emoji, none for combining marks. */
export function columnsOf(text: string): number {
  if (NARROW.test(text)) return text.length
  // Its tables take as long to load as a search: most runs meet no such text.
  measure ??= (createRequire(import.meta.url)('string-width') as {default: (text: string) => number}).default
  return measure(text)
}

/** The longest beginning of a text that fits into so many columns; no character is torn from its marks. */
export function fitting(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  let end = 0
  let used = 0
  for (const {segment, index} of charactersOf(text)) {
    used += columnsOf(segment)
    if (used > columns) break
    end = index + segment.length
  }
  return text.slice(0, end)
}

/** Cuts a text to so many columns, with an ellipsis as the last of them. */
export function cutTo(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${fitting(text, Math.max(0, columns - 1))}…`
}

/** Fills a text up to so many columns, at its end or, with `right`, at its beginning. */
export function padTo(text: string, columns: number, right = false): string {
  const space = ' '.repeat(Math.max(0, columns - columnsOf(text)))
  return right ? space + text : text + space
}

/** Breaks a word into pieces of at most so many columns; a character that is wider stands alone. */
export function breakWord(word: string, columns: number): readonly string[] {
  if (columnsOf(word) <= columns) return [word]
  const pieces: string[] = []
  let start = 0
  let used = 0
  for (const {segment, index} of charactersOf(word)) {
    const wide = columnsOf(segment)
    if (index > start && used + wide > columns) {
      pieces.push(word.slice(start, index))
      start = index
      used = 0
    }
    used += wide
  }
  return [...pieces, word.slice(start)]
}

/** Folds a text into lines of at most so many columns, at spaces; longer words are broken. */
export function wrap(text: string, columns: number): readonly string[] {
  if (!Number.isFinite(columns)) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line)
      line = ''
    }
    const pieces = breakWord(line === '' ? word : `${line} ${word}`, columns)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return [...lines, line]
}

function charactersOf(text: string): Iterable<Intl.SegmentData> {
  graphemes ??= new Intl.Segmenter()
  return graphemes.segment(text)
}
