import type {Block, ListItem, TableRow} from '../../../../src/lib/model/block.js'

/** Blocks as nested lists of their kinds and texts, to be compared in a test. */
export function outline(text: string, blocks: readonly Block[]): unknown[] {
  const said = ({start, end}: {readonly start: number; readonly end: number}): string =>
    text.slice(start, end)
  const rowOf = ({cells}: TableRow): string[] => cells.map(said)
  const itemOf = (item: ListItem): unknown[] => [said(item), ...outline(text, item.blocks)]
  return blocks.map((block) => {
    switch (block.kind) {
      case 'heading':
        return [`h${block.level}`, said(block.title)]
      case 'list':
        return [block.isOrdered ? 'ol' : 'ul', ...block.items.map(itemOf)]
      case 'table':
        return ['table', ...(block.header ? [rowOf(block.header)] : []), ...block.rows.map(rowOf)]
      case 'code':
        return ['code', block.language ?? (block.isIndented ? 'indented' : ''), said(block.body)]
      case 'definition':
        return ['definition', said(block.term), said(block.body)]
      case 'quote':
        return ['quote', ...outline(text, block.blocks)]
      case 'rule':
        return 'rule'
      case 'paragraph':
      case 'markup':
      case 'caption':
        return [block.kind, said(block)]
    }
  })
}

/** All blocks, those within others too, each before what it holds. */
export function flat(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'quote') return [block, ...flat(block.blocks)]
    return block.kind === 'list' ? [block, ...block.items.flatMap((item) => flat(item.blocks))] : [block]
  })
}
