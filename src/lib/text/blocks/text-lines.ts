import type {Place, Span} from '../../model/block.js'
import {skipSpace, TokenClass, tokenClassAt} from '../characters/character-class.js'

/** Where the lines of a text begin. Lines end at `\n`; a final `\n` begins no line. */
export interface TextLines {
  readonly text: string
  /** Number of lines. */
  readonly count: number
  /** Start of line `i`, counted from 0; `starts[count]` is the length of the text. */
  readonly starts: ArrayLike<number>
}

export function linesOf(text: string): TextLines {
  const starts: number[] = []
  for (let at = 0; at < text.length;) {
    starts.push(at)
    const feed = text.indexOf('\n', at)
    at = feed === -1 ? text.length : feed + 1
  }
  starts.push(text.length)
  return {text, count: starts.length - 1, starts}
}

/** Whether a line has nothing but white space. */
export function isBlankLine({text, starts}: TextLines, line: number): boolean {
  return skipSpace(text, starts[line]!, starts[line + 1]!) === starts[line + 1]
}

/** A line without its line feed. */
export function lineText({text, starts}: TextLines, line: number): string {
  const end = starts[line + 1]!
  return text.slice(starts[line], text.charCodeAt(end - 1) === 0x0a ? end - 1 : end)
}

/** Index of the line that holds the character at `offset`. */
export function lineAt(lines: TextLines, offset: number): number {
  let low = 0
  let high = lines.count - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lines.starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** A stretch without the white space around it; empty, at its beginning, when there is nothing else in it. */
export function trimSpan(text: string, {start, end}: Span): Span {
  const from = skipSpace(text, start, end)
  return from === end ? {start, end: start} : {start: from, end: trimmedEnd(text, from, end)}
}

/** The end of `[start, end)` without the white space before it. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && tokenClassAt(text, at - 1) === TokenClass.SPACE) at--
  return at
}

/** The place of lines `[first, last)` of a text whose first line is line `firstLine` of the source. */
export function placeOfLines(first: number, last: number, firstLine: number): Place {
  return {kind: 'lines', first: firstLine + first, last: firstLine + last - 1}
}

/** A stretch without the white space around it, with its place. */
export function placedSpan(
  lines: TextLines,
  stretch: Span,
  firstLine: number,
): Span & {readonly place: Place} {
  const {start, end} = trimSpan(lines.text, stretch)
  const last = lineAt(lines, Math.max(start, end - 1)) + 1
  return {start, end, place: placeOfLines(lineAt(lines, start), last, firstLine)}
}
