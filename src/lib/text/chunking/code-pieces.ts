import type {PieceWriter} from './piece-writer.js'
import {definedName, isLeadingLine} from './definition.js'
import {indentOf, isBlank, tokensOfLines, type LineTable} from './line-table.js'
import {KIND, RANK} from './piece-list.js'

/** As much of a line as is looked at. */
const LINE_PREFIX = 201

/**
 * Writes source code: a section for every outermost definition, with the comments and decorators directly above it; inside, cut
 * at inner definitions, then blank lines, then lines. Knows definitions by their usual first words, whatever the language.
 */
export function writeCode(lines: LineTable, writer: PieceWriter, size: number): void {
  const walk = new CodeWalk(lines, writer, size)
  for (let line = 0; line < lines.count; line++) walk.read(line)
  walk.end()
}

class CodeWalk {
  private readonly lines: LineTable
  private readonly writer: PieceWriter
  private readonly size: number
  /** First line not written yet, and the rank of the boundary before it. */
  private first = 0
  private rank: number = RANK.block
  /** First of the comment lines directly above, or -1. */
  private leading = -1
  private afterBlank = true
  private named = false

  constructor(lines: LineTable, writer: PieceWriter, size: number) {
    this.lines = lines
    this.writer = writer
    this.size = size
  }

  read(line: number): void {
    if (isBlank(this.lines, line)) {
      this.afterBlank = true
      this.leading = -1
      return
    }
    const indent = indentOf(this.lines, line)
    const row = this.row(line, indent)
    const name = definedName(row, indent === 0)
    const from = this.leading === -1 ? line : this.leading
    if (name !== undefined && indent === 0) this.enter([name], from)
    else if (name !== undefined) this.cut(from, RANK.block)
    else if (this.afterBlank) this.paragraph(line, indent, row)
    this.leading = name === undefined && isLeadingLine(row) ? from : -1
    this.afterBlank = false
  }

  end(): void {
    this.cut(this.lines.count, RANK.block)
  }

  /** A paragraph of code that is no definition; at the left margin it ends the definition above. */
  private paragraph(line: number, indent: number, row: string): void {
    if (indent > 0 || /^[{})\]]|^end\b/.test(row)) this.cut(line, indent > 0 ? RANK.item : RANK.clause)
    else if (this.named && !isLeadingLine(row)) this.enter([], line)
    else this.cut(line, RANK.block)
  }

  private enter(path: readonly string[], line: number): void {
    this.cut(line, RANK.section)
    this.writer.section(path, 1)
    this.named = path.length > 0
  }

  /** Writes what came before `line`. */
  private cut(line: number, rank: number): void {
    const block = {first: this.first, last: line, rank: this.rank}
    const short = tokensOfLines(this.lines, this.first, line) * 4 <= this.size
    if (line > this.first && !(short && this.writer.whole(block, KIND.lines))) this.writer.byLine(block)
    this.first = line
    this.rank = rank
  }

  private row(line: number, indent: number): string {
    const start = this.lines.starts[line]! + indent
    return this.lines.text.slice(start, Math.min(this.lines.starts[line + 1]!, start + LINE_PREFIX)).trimEnd()
  }
}
