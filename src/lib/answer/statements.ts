import type {Block, BlockOf, ListItem, Place, TableRow} from '../model/block.js'
import {linesOf} from '../model/place.js'
import {blocksOfChunk} from '../text/blocks/chunk-blocks.js'
import {splitSentences} from '../text/sentences/split-sentences.js'
import type {Excerpt, ExcerptPart} from './excerpt.js'

/** A sentence, list item, table row or block of code of an excerpt. */
export interface Statement {
  readonly kind: 'prose' | 'item' | 'row' | 'code'
  /** Without marks of Markdown that carry no meaning, on one line (code: as it is). */
  readonly text: string
  readonly excerpt: Excerpt
  readonly part: ExcerptPart
  /** Place among the statements of its excerpt. */
  readonly index: number
  /** Its own lines where they can be told, else the place of its chunk. */
  readonly place: Place | undefined
  /** Headings above it, within the excerpt too. */
  readonly heading: readonly string[]
  /** Begins inside a sentence. */
  readonly isFragment: boolean
}

/** Longer code, its fences included, answers no question. */
const MOST_CODE_LINES = 16
const TEMPLATE_LINE = /^\s*\{\{.*\}\}\s*$/
const QUOTE_MARK = /^\s*> ?/
const QUOTE_MARKS = /^\s*(?:>\s*)*/

/** All statements of an excerpt, in order. Time grows with its length. */
export function statementsOf(excerpt: Excerpt): readonly Statement[] {
  const found: Statement[] = []
  let own: readonly string[] = []
  for (const part of excerpt.parts) {
    for (const piece of piecesOf(part.text, blocksOfChunk(part.text, linesOf(part.place)?.[0]))) {
      if (piece.kind === 'heading') own = [piece.text]
      if (piece.kind === 'heading' || !/[\p{L}\p{N}]/u.test(piece.text)) continue
      const {kind, text} = piece
      const isFirst = found.length === 0 && part.begunBefore
      const isFragment = isFirst && kind === 'prose' && /^[^\p{Lu}\p{Lo}\p{N}]/u.test(text)
      const heading = [...excerpt.heading, ...own]
      found.push({
        kind,
        text,
        excerpt,
        part,
        index: found.length,
        place: placeIn(part, piece),
        heading,
        isFragment,
      })
    }
  }
  return found
}

interface Piece {
  readonly kind: Statement['kind'] | 'heading'
  readonly text: string
  readonly place?: Place
}

/** Only in a chunk with as many lines as its place do these stand line by line as in the source. */
function placeIn({text, place: whole}: ExcerptPart, {place}: Piece): Place | undefined {
  if (whole?.kind !== 'lines' || place?.kind !== 'lines') return whole
  const isExact = text.trimEnd().split('\n').length - 1 === whole.last - whole.first
  return isExact ? {...place, last: Math.min(place.last, whole.last)} : whole
}

/** `isQuoted`: the lines begin with the marks of a quotation. */
function piecesOf(text: string, blocks: readonly Block[], isQuoted = false): readonly Piece[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'heading') {
      const {start, end} = block.title
      return [{kind: 'heading' as const, text: cleaned(text.slice(start, end))}]
    }
    return block.kind === 'rule' || block.kind === 'markup' ? [] : piecesOfBlock(text, block, isQuoted)
  })
}

function piecesOfBlock(
  text: string,
  block: Exclude<Block, BlockOf<'heading'> | BlockOf<'rule'> | BlockOf<'markup'>>,
  isQuoted: boolean,
): readonly Piece[] {
  switch (block.kind) {
    case 'paragraph':
    case 'definition':
    case 'caption':
      return sentencesOf(text, block)
    case 'code':
      return block.isIndented ? sentencesOf(text, block) : codeOf(text, block, isQuoted)
    case 'list':
      return block.items.flatMap((item) => itemOf(text, item, isQuoted))
    case 'table':
      return (block.header ? [block.header, ...block.rows] : block.rows).map((row) => rowOf(text, row))
    case 'quote':
      return piecesOf(text, block.blocks, true)
  }
}

function sentencesOf(text: string, block: Block): readonly Piece[] {
  const joined = onOneLine(text, block)
  return splitSentences(joined).map(([from, to]) => placed('prose', cleaned(joined.slice(from, to)), block))
}

/** The first paragraph of an item is one statement; what else stands in it is read by itself. */
function itemOf(text: string, {blocks}: ListItem, isQuoted: boolean): readonly Piece[] {
  const [first, ...more] = blocks
  if (first?.kind !== 'paragraph') return piecesOf(text, blocks, isQuoted)
  return [placed('item', cleaned(onOneLine(text, first)), first), ...piecesOf(text, more, isQuoted)]
}

function rowOf(text: string, row: TableRow): Piece {
  const cells = row.cells.map(({start, end}) => cleaned(text.slice(start, end)))
  return placed('row', cells.filter((cell) => cell !== '').join(' · '), row)
}

/** Without its fences and the indentation that all its lines share. */
function codeOf(text: string, block: BlockOf<'code'>, isQuoted: boolean): readonly Piece[] {
  if (text.slice(block.start, block.end).split('\n').length > MOST_CODE_LINES) return []
  const rows = text
    .slice(block.body.start, block.body.end)
    .split('\n')
    .map((row) => (isQuoted ? row.replace(QUOTE_MARK, '') : row))
    .filter((row) => !TEMPLATE_LINE.test(row))
  const indents = rows.filter((row) => row.trim() !== '').map((row) => row.length - row.trimStart().length)
  const shared = Math.min(...indents, 80)
  const code = rows.map((row) => row.slice(shared).trimEnd()).join('\n')
  return [placed('code', code.replace(/^\n+|\n+$/g, ''), block)]
}

function placed(kind: Statement['kind'], text: string, {place}: {readonly place?: Place}): Piece {
  return place === undefined ? {kind, text} : {kind, text, place}
}

function onOneLine(text: string, {start, end}: Block): string {
  const rows = text.slice(start, end).split('\n')
  return rows.map((row) => row.replace(QUOTE_MARKS, '').trim()).join(' ')
}

/** Takes emphasis, links and images off; a number in brackets would look like a citation and gets round ones. */
function cleaned(text: string): string {
  return text
    .replaceAll(/!\[([^\][]{0,200})\]\([^()\s]{0,500}\)/g, '$1')
    .replaceAll(/\[([^\][]{1,300})\]\([^()\s]{0,500}(?: "[^"]{0,200}")?\)/g, '$1')
    .replaceAll(/\[([^\][]{1,300})\]\[[^\][]{0,100}\]/g, '$1')
    .replaceAll(/(\*\*|__)(?=\S)([^*_]{1,300})\1/g, '$2')
    .replaceAll(/(?<![\p{L}\p{N}_])_(?=\S)([^_]{1,200})_(?![\p{L}\p{N}_])/gu, '$1')
    .replaceAll(/<\/?[a-z][a-z0-9]*(?:\s[^<>]{0,300})?>/gi, '')
    .replaceAll(/<!--.{0,300}?-->/g, '')
    .replaceAll(/\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*)\]/g, '($1)')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
