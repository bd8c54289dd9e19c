import type {Block, BlockOf} from '../../model/block.js'
import {markdownBlocks} from '../blocks/markdown-blocks.js'
import {lineAt} from '../blocks/text-lines.js'
import {HeadingPath, plainTitle} from './heading-path.js'
import type {LineTable} from './line-table.js'
import {KIND, RANK} from './piece-list.js'
import type {LineRun, PieceWriter} from './piece-writer.js'

/**
 * Writes the blocks of a Markdown text: a section for every heading, fences, tables, HTML and small lists whole, larger lists by
 * item, paragraphs by sentence. MDX's `import`, `export` and components are text.
 */
export function writeMarkdown(lines: LineTable, writer: PieceWriter, size: number): void {
  const walk = new MarkdownWalk(lines, writer, size)
  for (const block of markdownBlocks(lines)) walk.write(block, RANK.block)
}

class MarkdownWalk {
  private readonly headings = new HeadingPath()
  private readonly lines: LineTable
  private readonly writer: PieceWriter
  private readonly size: number
  /** Containers around what is written. */
  private depth = 0

  constructor(lines: LineTable, writer: PieceWriter, size: number) {
    this.lines = lines
    this.writer = writer
    this.size = size
  }

  /** `rank`: how good the boundary before the block is. */
  write(block: Block, rank: number): void {
    const run = this.runOf(block, rank)
    switch (block.kind) {
      case 'heading':
        return this.heading(block, run)
      case 'code':
      case 'markup':
        return this.solid(run, 1)
      case 'table':
        return this.solid(run, 2)
      case 'list':
        return this.list(block, run)
      case 'quote':
        if (!this.fits(run, this.size >> 1)) this.inside(block.blocks, rank)
        return
      case 'rule':
        return this.rule(run)
      case 'paragraph':
      case 'definition':
      case 'caption':
        return this.writer.prose(run)
    }
  }

  /** What stands under a rule belongs to it. */
  private rule(run: LineRun): void {
    this.solid(run, 1)
    this.writer.announce()
  }

  private list({items}: BlockOf<'list'>, run: LineRun): void {
    if (this.fits(run, this.size >> 1)) return
    items.forEach((item, i) => {
      const rank = i === 0 ? Math.min(run.rank, RANK.item) : RANK.item
      if (!this.fits(this.runOf(item, rank), this.size)) this.inside(item.blocks, rank)
    })
  }

  /** Writes what a container holds: the first with the container's rank, the others as items at least. */
  private inside(blocks: readonly Block[], rank: number): void {
    this.depth++
    blocks.forEach((block, i) => this.write(block, i === 0 ? rank : Math.max(rank, RANK.item)))
    this.depth--
  }

  /** The lines on which a block stands. */
  private runOf({start, end}: {readonly start: number; readonly end: number}, rank: number): LineRun {
    const first = lineAt(this.lines, start)
    return {first, last: Math.max(first, lineAt(this.lines, end - 1)) + 1, rank}
  }

  /** One piece if it fits into a chunk, else line by line with the first `keep` together. */
  private solid(run: LineRun, keep: number): void {
    if (!this.writer.whole(run, KIND.solid)) this.writer.byLine(run, keep)
  }

  /** Writes a container of at most `limit` tokens as one piece. */
  private fits(run: LineRun, limit: number): boolean {
    return this.writer.whole(run, KIND.lines, limit)
  }

  private heading(block: BlockOf<'heading'>, run: LineRun): void {
    const {start, end} = block.title
    const title = plainTitle(this.lines.text.slice(start, end))
    if (this.depth > 0 || title === '') return this.writer.prose(run)
    this.writer.heading(run, this.headings.enter(block.level, title), block.level)
  }
}
