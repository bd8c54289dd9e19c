import type {TextRuler} from '../ports/text-ruler.js'
import type {Passage, PassagePart} from './passage.js'

/** A sentence, list item, table row or block of code of a passage. */
export interface Statement {
  readonly kind: 'prose' | 'item' | 'row' | 'code'
  /** Without marks of Markdown that carry no meaning, on one line (code: as it is). */
  readonly text: string
  readonly passage: Passage
  readonly part: PassagePart
  /** Place among the statements of its passage. */
  readonly index: number
  /** Lines of the source: its own where they can be told, else those of its chunk. */
  readonly lines: readonly [number, number]
  /** Headings above it, within the passage too. */
  readonly heading: readonly string[]
  /** Begins inside a sentence. */
  readonly isFragment: boolean
}

interface Block {
  readonly kind: Statement['kind'] | 'heading'
  readonly rows: string[]
  readonly row: number
}

const ITEM = /^\s{0,8}(?:[-*+•]|\d{1,3}[.)])\s+/
const HEADING = /^\s{0,3}#{1,6}\s+/
const FENCE = /^\s{0,8}(?:```|~~~)/
const NO_TEXT = /^\s*(?:<!--.*|\{\{.*\}\}|<\/?[a-z][^>]*>|\.\. .*::.*|[-=*_~^|:+\s]+|!\[[^\]]*\]\([^)]*\))\s*$/i

/** All statements of a passage, in order. Time grows with its length. */
export function statementsOf(ruler: TextRuler, passage: Passage): readonly Statement[] {
  const found: Statement[] = []
  let own: string[] = []
  for (const part of passage.parts) {
    const exact = part.text.split('\n').length - 1 <= part.lines[1] - part.lines[0]
    for (const block of blocksOf(part.text)) {
      if (block.kind === 'heading') {
        own = [cleaned(block.rows[0]!.replace(HEADING, '')).replace(/\s#+$/, '')]
        continue
      }
      for (const {text, kind} of piecesOf(ruler, block)) {
        const first = part.lines[0] + block.row
        const lines = exact ? ([first, Math.min(first + block.rows.length - 1, part.lines[1])] as const) : part.lines
        const isFirst = found.length === 0 && part.begunBefore
        const isFragment = isFirst && kind === 'prose' && /^[^\p{Lu}\p{Lo}\p{N}]/u.test(text)
        const heading = [...passage.heading, ...own]
        found.push({kind, text, passage, part, index: found.length, lines, heading, isFragment})
      }
    }
  }
  return found
}

function piecesOf(ruler: TextRuler, {kind, rows}: Block): {text: string; kind: Statement['kind']}[] {
  if (kind === 'heading') return []
  if (kind === 'code') return [{kind, text: rows.filter((row) => !FENCE.test(row)).join('\n')}].filter(hasText)
  if (kind === 'row') return [{kind, text: rowText(rows[0]!)}].filter(hasText)
  const joined = rows.map((row) => row.trim()).join(' ')
  if (kind === 'item') return [{kind, text: cleaned(joined.replace(ITEM, ''))}].filter(hasText)
  return ruler
    .sentences(joined)
    .map(([from, to]) => ({kind, text: cleaned(joined.slice(from, to))}))
    .filter(hasText)
}

const hasText = ({text}: {readonly text: string}): boolean => /[\p{L}\p{N}]/u.test(text)

function rowText(row: string): string {
  const cells = row.split('|').map(cleaned)
  return cells.filter((cell) => cell !== '').join(' · ')
}

/** Groups lines: fenced code, headings, list items with the lines that go on from them, table rows, paragraphs. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  let fence: Block | undefined
  const close = (): void => {
    if (open) blocks.push(open)
    open = undefined
  }
  const rows = text.split('\n')
  rows.forEach((line, row) => {
    if (fence) {
      fence.rows.push(line)
      if (FENCE.test(line)) fence = undefined
      return
    }
    const kind = kindOf(line)
    if (kind === 'code') {
      close()
      fence = {kind, rows: [line], row}
      blocks.push(fence)
    } else if (kind === undefined) {
      close()
    } else if (kind === 'prose' && open && (open.kind === 'prose' || open.kind === 'item')) {
      open.rows.push(line)
    } else {
      close()
      open = {kind, rows: [line], row}
      if (kind === 'heading' || kind === 'row') close()
    }
  })
  close()
  return blocks
}

function kindOf(line: string): Block['kind'] | undefined {
  if (FENCE.test(line)) return 'code'
  if (line.trim() === '' || NO_TEXT.test(line)) return undefined
  if (HEADING.test(line)) return 'heading'
  if (/^\s*\|.*\|\s*$/.test(line)) return 'row'
  return ITEM.test(line) ? 'item' : 'prose'
}

/** Takes emphasis, links and images off; a number in brackets would look like a citation and gets round ones. */
function cleaned(text: string): string {
  return text
    .replaceAll(/!\[([^\][]{0,200})\]\([^()\s]{0,500}\)/g, '$1')
    .replaceAll(/\[([^\][]{1,300})\]\([^()\s]{0,500}(?: "[^"]{0,200}")?\)/g, '$1')
    .replaceAll(/\[([^\][]{1,300})\]\[[^\][]{0,100}\]/g, '$1')
    .replaceAll(/(\*\*|__)(?=\S)([^*_]{1,300})\1/g, '$2')
    .replaceAll(/<\/?[a-z][a-z0-9]*(?:\s[^<>]{0,300})?>/gi, '')
    .replaceAll(/<!--.{0,300}?-->/g, '')
    .replaceAll(/\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*)\]/g, '($1)')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
