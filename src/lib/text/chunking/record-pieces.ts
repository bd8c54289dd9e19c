import type {LineRun, PieceWriter} from './piece-writer.js'
import {isBlank, tokensOfLines, type LineTable} from './line-table.js'
import {KIND, RANK} from './piece-list.js'

/** Writes records: paragraphs between blank lines that fit into a chunk, else lines. None that fits is cut, and none is repeated. */
export function writeRecords(lines: LineTable, writer: PieceWriter, size: number): void {
  let line = 0
  while (line < lines.count) {
    if (isBlank(lines, line)) {
      line++
      continue
    }
    let last = line + 1
    while (last < lines.count && !isBlank(lines, last)) last++
    const block = {first: line, last, rank: RANK.block}
    if (tokensOfLines(lines, line, last) <= size) writer.whole(block, KIND.record)
    else writeRows(lines, writer, block)
    line = last
  }
}

function writeRows(lines: LineTable, writer: PieceWriter, block: LineRun): void {
  for (let line = block.first; line < block.last; line++) {
    const row = {first: line, last: line + 1, rank: line === block.first ? block.rank : RANK.item}
    if (!writer.whole(row, KIND.record)) writer.prose(row)
  }
}
