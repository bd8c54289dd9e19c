import {countRange} from './count-tokens.js'
import {indentOf, isBlank, tokensOfLines, type LineTable} from './line-table.js'
import {KIND, PieceList, RANK} from './piece-list.js'
import {sentenceEnd} from '../sentences/sentence-end.js'
import {splitWords} from './split-words.js'

/** A run of whole lines `[first, last)`, and how good the boundary before it is. */
export interface LineRun {
  readonly first: number
  readonly last: number
  readonly rank: number
}

/**
 * Turns blocks of whole lines, in order, into pieces no larger than a chunk. Blank lines between blocks belong to the block
 * before.
 */
export class PieceWriter {
  readonly pieces: PieceList
  private readonly lines: LineTable
  private readonly size: number
  /** The best rank that the boundary after the last block can have: less after a heading or an announcement. */
  private ceiling: number = RANK.section

  constructor(lines: LineTable, size: number) {
    this.lines = lines
    this.size = size
    this.pieces = new PieceList(size >> 4)
  }

  /** Opens a section and writes its heading lines. */
  heading(block: LineRun, path: readonly string[], depth: number): void {
    this.pieces.openSection(path, depth)
    const tokens = tokensOfLines(this.lines, block.first, block.last)
    if (tokens * 2 > this.size)
      this.words(this.lines.starts[block.first]!, this.lines.starts[block.last]!, RANK.section)
    else
      this.pieces.add({
        start: this.lines.starts[block.first]!,
        tokens,
        rank: RANK.section,
        kind: KIND.heading,
      })
    this.ceiling = RANK.glue
  }

  /** Opens a section without heading lines: the next block is its first. */
  section(path: readonly string[], depth: number): void {
    this.pieces.openSection(path, depth)
    this.ceiling = RANK.section
  }

  /** Running text: one piece when short, else its sentences. */
  prose(block: LineRun): void {
    const {lines, size} = this
    const tokens = tokensOfLines(lines, block.first, block.last)
    if (tokens === 0) return
    const end = lines.starts[block.last]!
    let start = lines.starts[block.first]!
    let rank = this.take(block)
    if (tokens * 4 <= size) {
      this.pieces.add({start, tokens, rank, kind: KIND.prose})
      return
    }
    while (start < end) {
      const next = sentenceEnd(lines.text, start, end)
      const count = countRange(lines.text, start, next)
      if (count * 2 > size) this.words(start, next, rank)
      else if (count > 0) this.pieces.add({start, tokens: count, rank, kind: KIND.prose})
      rank = RANK.sentence
      start = next
    }
  }

  /** One piece if it fits into a chunk. Answers false, and writes nothing, if it does not. `kind` says how overlap may enter it. */
  whole(block: LineRun, kind: number, limit = this.size): boolean {
    const tokens = tokensOfLines(this.lines, block.first, block.last)
    if (tokens > limit) return false
    if (tokens > 0)
      this.pieces.add({start: this.lines.starts[block.first]!, tokens, rank: this.take(block), kind})
    return true
  }

  /** Line by line, better cut at blank lines; `keep` lines at the beginning (a table's head) stay together. */
  byLine(block: LineRun, keep = 1): void {
    const {lines} = this
    let rank = this.take(block)
    let line = block.first
    while (line < block.last) {
      const kept = line === block.first ? Math.min(keep, block.last - line) : 1
      const tokens = tokensOfLines(lines, line, line + kept)
      const start = lines.starts[line]!
      if (tokens > this.size) this.words(start, lines.starts[line + kept]!, rank)
      else if (tokens > 0) this.pieces.add({start, tokens, rank, kind: KIND.lines})
      line += kept
      rank = line < block.last ? this.lineRank(line) : rank
    }
  }

  /** What comes next belongs to what was written last (a rule, an announcement). */
  announce(): void {
    this.ceiling = Math.min(this.ceiling, RANK.leadIn)
  }

  private words(start: number, end: number, rank: number): void {
    splitWords(this.pieces, {text: this.lines.text, start, end, rank, size: this.size})
  }

  /** The rank of the boundary before the block; sets what follows it. */
  private take(block: LineRun): number {
    const rank = Math.min(block.rank, this.ceiling)
    this.ceiling = this.endsInColon(block.last) ? RANK.leadIn : RANK.section
    return rank
  }

  private endsInColon(last: number): boolean {
    const {text, starts} = this.lines
    let line = last - 1
    while (line > 0 && isBlank(this.lines, line)) line--
    let at = starts[line + 1]! - 1
    while (at > starts[line]! && text.charCodeAt(at) <= 0x20) at--
    const end = text.charCodeAt(at)
    return end === 0x3a || end === 0xff1a
  }

  /** Blank line before: good; a line that closes what is above, or stands deeper than it: bad. */
  private lineRank(line: number): number {
    const {lines} = this
    if (isBlank(lines, line)) return RANK.clause
    if (isBlank(lines, line - 1)) return RANK.item
    const indent = indentOf(lines, line)
    const first = lines.text.charAt(lines.starts[line]! + indent)
    if (first === '}' || first === ')' || first === ']') return RANK.clause
    return indent > indentOf(lines, line - 1) ? RANK.clause : RANK.sentence
  }
}
