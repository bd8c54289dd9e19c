import type {Span, TableRow} from '../../model/block.js'
import {trimSpan} from './text-lines.js'

/** A row by its bars; those at its ends open and close it, and one after a backslash belongs to its cell. */
export function tableRow(text: string, row: Span): TableRow {
  const {start, end} = trimSpan(text, row)
  const cells: Span[] = []
  let from = start
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) !== 0x7c || (at > start && text.charCodeAt(at - 1) === 0x5c)) continue
    if (at > start) cells.push(trimSpan(text, {start: from, end: at}))
    from = at + 1
  }
  if (from < end) cells.push(trimSpan(text, {start: from, end}))
  return {start, end, cells}
}
