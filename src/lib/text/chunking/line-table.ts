import type {TextLines} from '../blocks/text-lines.js'
import {TokenClass, tokenClassAt} from '../characters/character-class.js'
import {countRange} from './count-tokens.js'

/** The lines of a text with how many tokens come before each. */
export interface LineTable extends TextLines {
  readonly starts: Uint32Array
  /** Tokens before line `i`; `tokens[count]` is the tokens of the text. Exact, since a line feed is white space. */
  readonly tokens: Uint32Array
}

/** Reads the text once. Memory is 8 bytes a line, up to twice that while it grows. */
export function readLines(text: string): LineTable {
  let starts = new Uint32Array(Math.max(64, text.length >> 5))
  let tokens = new Uint32Array(starts.length)
  let count = 0
  let at = 0
  let sum = 0
  while (at < text.length) {
    if (count + 1 >= starts.length) {
      starts = doubled(starts)
      tokens = doubled(tokens)
    }
    starts[count] = at
    tokens[count++] = sum
    const feed = text.indexOf('\n', at)
    const next = feed === -1 ? text.length : feed + 1
    sum += countRange(text, at, next)
    at = next
  }
  starts[count] = text.length
  tokens[count] = sum
  return {text, count, starts, tokens}
}

function doubled(from: Uint32Array): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(from.length * 2)
  to.set(from)
  return to
}

/** Tokens of lines `[first, last)`. */
export function tokensOfLines(lines: LineTable, first: number, last: number): number {
  return lines.tokens[last]! - lines.tokens[first]!
}

/** Whether line `line` has nothing but white space. */
export function isBlank(lines: LineTable, line: number): boolean {
  return tokensOfLines(lines, line, line + 1) === 0
}

/** Columns of white space before the first character of line `line`; a tab counts as one. */
export function indentOf(lines: LineTable, line: number): number {
  const start = lines.starts[line]!
  const end = lines.starts[line + 1]!
  let at = start
  while (at < end && tokenClassAt(lines.text, at) === TokenClass.SPACE) at++
  return at - start
}
