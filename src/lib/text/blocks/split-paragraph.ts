import type {Block, BlockOf, ListItem, Place, Span, TableRow} from '../../model/block.js'
import {skipSpace} from '../characters/character-class.js'
import {tableRow} from './table-row.js'
import {lineAt, placedSpan, trimSpan, type TextLines} from './text-lines.js'

const UNDERLINE = /^\s{0,3}(?:~{3,}|\^{3,})\s*$/
/** The mark of a list item, also where CommonMark sees none: a bullet sign, any indentation up to 8. */
export const ITEM = /^(\s{0,8})(?:[-*+•]|\d{1,3}[.)])\s+/
const ROW = /^\s*\|.*\|\s*$/
const RULE_ROW = /^\s*\|[\s:|+-]+\|\s*$/
/** Tags, templates, directives of reStructuredText, MkDocs and Docusaurus, images alone, rules, link targets, MDX. */
const MARKUP =
  /^\s*(?:<!--|<\/?[a-z!][^>]*>\s*$|\{\{|\{%|\.\. |:::|!!!|\?\?\?|={3}\s*"|!\[[^\]]*\]\([^)]*\)\s*$|[-=*_~^|:+\s]+$|\[[^\]]+\]:\s)/i
const MODULE =
  /^(?:import\s+(?:['"{*]|[\w$,{}\s]+\sfrom\s)|export\s+(?:default|const|let|var|function|async|class|\{|\*)(?![\w-]))/
const DIRECTIVE = /^\s*\.\. /
const ENDS_PARAGRAPH = /^\s*(?:>|<!--|\{\{|:::|\.\. |[-=*_~^|:+\s]+$)/
const ENDS_LIST = /^(?:#{1,6}\s|\||>|<)/
const FIELD = /^[\p{L}_][\p{L}\p{N}_-]{0,30}: /u
const INDENTED = /^(?: {2,}|\t)\S/
const ENDS_SENTENCE = /[.!?…:;,。！？।॥؟]$/

/** A line of the paragraph, without the marks of the containers around it. */
interface Row extends Span {
  readonly text: string
}

interface Context {
  readonly firstLine: number
  /** Within a list or quotation: indentation says nothing of its own. */
  readonly isNested: boolean
}

/**
 * Tells what CommonMark takes for running text, but other formats write so: rows without a header, terms with their definitions,
 * bullets and numbers in mid-paragraph, titles underlined with `^`, directives and templates, fields on lines of their own. Looks at
 * each line a few times.
 */
export function splitParagraph(
  lines: TextLines,
  paragraph: BlockOf<'paragraph'>,
  context: Context,
): readonly Block[] {
  const rows = rowsOf(lines, paragraph, context.isNested)
  const blocks: Block[] = []
  for (let at = 0; at < rows.length;) {
    const {block, next} = blockAt({lines, text: lines.text, rows, ...context}, at)
    if (block.end > block.start) blocks.push(block)
    at = next
  }
  return blocks
}

function rowsOf({text, starts, ...lines}: TextLines, {start, end}: Span, isNested: boolean): readonly Row[] {
  const rows: Row[] = []
  const first = lineAt({text, starts, ...lines}, start)
  for (let line = first; line < lines.count && starts[line]! < end; line++) {
    const to = Math.min(end, starts[line + 1]!)
    let from = isNested && line === first ? start : starts[line]!
    if (isNested && line > first) {
      from = skipSpace(text, from, to)
      while (text.charAt(from) === '>' && from < to) from = skipSpace(text, from + 1, to)
    }
    const said = text.slice(from, to)
    rows.push({start: from, end: to, text: said.endsWith('\n') ? said.slice(0, -1) : said})
  }
  return rows
}

interface Paragraph extends Context {
  readonly lines: TextLines
  readonly text: string
  readonly rows: readonly Row[]
}

/** A block, and the row behind it. */
interface Read {
  readonly block: Block
  readonly next: number
}

function blockAt(paragraph: Paragraph, at: number): Read {
  const {rows, isNested} = paragraph
  const row = rows[at]!
  if (ROW.test(row.text)) return tableAt(paragraph, at)
  const isItem = ITEM.test(row.text)
  if (isMarkup(row.text) && !isItem) return markupAt(paragraph, at)
  if (isItem) return listAt(paragraph, at)
  if (isNested) return runOf(paragraph, at, 'paragraph', goesOn)
  return titleAt(paragraph, at) ?? definitionAt(paragraph, at) ?? paragraphAt(paragraph, at)
}

/** The indented lines below a directive of reStructuredText belong to it. */
function markupAt(paragraph: Paragraph, at: number): Read {
  let isDirective = false
  const belongs = ({text}: Row): boolean => {
    isDirective = DIRECTIVE.test(text) || (isDirective && INDENTED.test(text))
    return isDirective || isMarkup(text)
  }
  belongs(paragraph.rows[at]!)
  return runOf(paragraph, at, 'markup', belongs)
}

const isMarkup = (line: string): boolean => MARKUP.test(line) || MODULE.test(line)

/** The span and place of rows `[first, last)`. */
function placed(
  {lines, rows, firstLine}: Paragraph,
  first: number,
  last: number,
): Span & {readonly place: Place} {
  return placedSpan(lines, {start: rows[first]!.start, end: rows[last - 1]!.end}, firstLine)
}

function runOf(
  paragraph: Paragraph,
  at: number,
  kind: 'markup' | 'paragraph',
  belongs: (row: Row) => boolean,
): Read {
  let next = at + 1
  while (next < paragraph.rows.length && belongs(paragraph.rows[next]!)) next++
  return {block: {kind, ...placed(paragraph, at, next)}, next}
}

function tableAt(paragraph: Paragraph, at: number): Read {
  const {text, rows} = paragraph
  let next = at
  const found: TableRow[] = []
  let header: TableRow | undefined
  for (; next < rows.length && ROW.test(rows[next]!.text); next++) {
    if (!RULE_ROW.test(rows[next]!.text))
      found.push({...tableRow(text, rows[next]!), ...placed(paragraph, next, next + 1)})
    else if (found.length === 1) header = found.pop()
  }
  return {
    block: {kind: 'table', ...(header ? {header} : {}), rows: found, ...placed(paragraph, at, next)},
    next,
  }
}

function listAt(paragraph: Paragraph, at: number): Read {
  const {lines, rows} = paragraph
  const indent = ITEM.exec(rows[at]!.text)![1]!.length
  const items: ListItem[] = []
  let next = at
  while (next < rows.length) {
    const first = next++
    const mark = ITEM.exec(rows[first]!.text)!
    while (next < rows.length && !isItem(rows[next]!, indent) && !ENDS_LIST.test(rows[next]!.text)) next++
    const stretch = {start: rows[first]!.start + mark[0].length, end: rows[next - 1]!.end}
    const item = placedSpan(lines, stretch, paragraph.firstLine)
    items.push({...item, blocks: [{kind: 'paragraph', ...item}]})
    if (next < rows.length && !isItem(rows[next]!, indent)) break
  }
  const isOrdered = /^\s*\d/.test(rows[at]!.text)
  return {block: {kind: 'list', isOrdered, items, ...placed(paragraph, at, next)}, next}
}

const isItem = ({text}: Row, indent: number): boolean => {
  const mark = ITEM.exec(text)
  return mark !== null && mark[1]!.length <= indent + 1
}

function titleAt(paragraph: Paragraph, at: number): Read | undefined {
  const {text, rows} = paragraph
  if (at + 1 >= rows.length || !UNDERLINE.test(rows[at + 1]!.text)) return undefined
  const title = trimSpan(text, rows[at]!)
  return {block: {kind: 'heading', level: 2, title, ...placed(paragraph, at, at + 2)}, next: at + 2}
}

/** A term with the lines below it that are indented, or begin with a colon. */
function definitionAt(paragraph: Paragraph, at: number): Read | undefined {
  const {text, rows} = paragraph
  const [row, below] = [rows[at]!, rows[at + 1]]
  const body = below && bodyOfTerm(row.text, below.text)
  if (!below || !body) return undefined
  let next = at + 1
  while (next < rows.length && body.test(rows[next]!.text)) next++
  const start = below.start + (/^:?\s+/.exec(below.text)?.[0].length ?? 0)
  const span = trimSpan(text, {start, end: rows[next - 1]!.end})
  return {
    block: {kind: 'definition', term: trimSpan(text, row), body: span, ...placed(paragraph, at, next)},
    next,
  }
}

/** What the lines of a definition begin with, when the line below a term explains it. */
function bodyOfTerm(term: string, below: string): RegExp | undefined {
  if (/^:\s+\S/.test(below)) return /^(?::?\s+)\S/
  return !INDENTED.test(term) && INDENTED.test(below) && isTerm(term.trim()) ? INDENTED : undefined
}

const isTerm = (text: string): boolean =>
  text.length <= 60 && text.split(/\s+/).length <= 6 && !ENDS_SENTENCE.test(text)

function paragraphAt(paragraph: Paragraph, at: number): Read {
  const begun = paragraph.rows[at]!.text.trim()
  let isSecond = true
  return runOf(paragraph, at, 'paragraph', (row) => {
    const isApart = standsApart(begun, row.text.trim(), isSecond)
    isSecond = false
    return goesOn(row) && !isApart
  })
}

const goesOn = ({text}: Row): boolean => !ROW.test(text) && !ITEM.test(text) && !ENDS_PARAGRAPH.test(text)

/** Fields (`name: value`) stand each for itself, and so does a short first line before one that begins anew, neither as
 * part of a sentence. */
function standsApart(begun: string, line: string, isSecond: boolean): boolean {
  if (FIELD.test(begun) && FIELD.test(line)) return true
  const isTitle = isSecond && begun.length <= 50 && !/^\p{Ll}/u.test(begun) && !ENDS_SENTENCE.test(begun)
  return isTitle && 2 * begun.length < line.length && /^[\p{Lu}\p{Lo}]/u.test(line)
}
