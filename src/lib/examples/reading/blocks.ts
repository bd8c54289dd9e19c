import type {Span} from '../draft.js'

/** A heading, paragraph, … of a text, by its place in it. Space around it is not part of it. */
export type Block =
  | (Span & {readonly kind: 'heading'; readonly level: number; readonly title: Span})
  | (Span & {readonly kind: 'paragraph'})
  | (Span & {readonly kind: 'list'; readonly items: readonly Span[]})
  | (Span & {readonly kind: 'table'; readonly rows: readonly (readonly Span[])[]})
  | (Span & {readonly kind: 'definition'; readonly term: Span; readonly body: Span})
  | (Span & {readonly kind: 'code'; readonly lines: number})
  /** Quotations, directives, markup: nothing that an example is made of. */
  | (Span & {readonly kind: 'aside'})

interface Line extends Span {
  readonly text: string
}

const FENCE = /^\s{0,8}(?:```|~~~)/
const BARE_FENCE = /^\s{0,8}(?:```|~~~)\s*$/
const HEADING = /^\s{0,3}(#{1,6})\s+\S/
const UNDERLINE = /^\s{0,3}(?:={3,}|-{3,}|~{3,}|\^{3,})\s*$/
const ITEM = /^(\s{0,8})(?:[-*+•]|\d{1,3}[.)])\s+/
const ROW = /^\s*\|.*\|\s*$/
const RULE_ROW = /^\s*\|[\s:|+-]+\|\s*$/
const ASIDE =
  /^\s*(?:>|<!--|<\/?[a-z!][^>]*>\s*$|\{\{|\{%|\.\. |:::|!!!|\?\?\?|={3}\s*"|!\[[^\]]*\]\([^)]*\)\s*$|[-=*_~^|:+\s]+$|\[[^\]]+\]:\s|import\s|export\s)/i
const FIELD = /^[\p{L}_][\p{L}\p{N}_-]{0,30}: /u
const INDENTED = /^(?: {2,}|\t)\S/
const CODE_INDENT = /^(?: {4,}|\t)\S/
const ENDS_SENTENCE = /[.!?…:;,。！？।॥؟]$/

/** The blocks of a text, in order. Looks at each line at most a few times. */
export function blocksOf(text: string): readonly Block[] {
  const lines = linesOf(text)
  const blocks: Block[] = []
  let at = closedFence(lines)
  if (at > 0) blocks.push(codeOf(lines, 0, at))
  while (at < lines.length) {
    const before = at
    if (isBlank(lines[at]!)) at++
    else at = takeBlock(lines, at, blocks)
    if (at === before) at++
  }
  return blocks
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    lines.push({start, end, text: text.slice(start, end)})
    start = end + 1
  }
  return lines
}

const isBlank = (line: Line): boolean => line.text.trim() === ''

/** An odd fence out without a language closes code that began in an earlier chunk: how many lines that takes. */
function closedFence(lines: readonly Line[]): number {
  const fences = lines.flatMap((line, i) => (FENCE.test(line.text) ? [i] : []))
  const first = fences[0]
  return fences.length % 2 === 1 && BARE_FENCE.test(lines[first!]!.text) ? first! + 1 : 0
}

/** Adds the block that begins at a line, and says where the next one may begin. */
function takeBlock(lines: readonly Line[], at: number, blocks: Block[]): number {
  const line = lines[at]!
  if (FENCE.test(line.text)) {
    let end = at + 1
    while (end < lines.length && !FENCE.test(lines[end]!.text)) end++
    end = Math.min(end + 1, lines.length)
    blocks.push(codeOf(lines, at, end))
    return end
  }
  const marks = HEADING.exec(line.text)?.[1]
  if (marks !== undefined) {
    const span = trimmed(line)
    const title = {start: line.start + line.text.indexOf(marks) + marks.length, end: span.end}
    blocks.push({kind: 'heading', level: marks.length, ...span, title: inner(line, title)})
    return at + 1
  }
  if (ROW.test(line.text)) return takeTable(lines, at, blocks)
  if (CODE_INDENT.test(line.text) && !ITEM.test(line.text))
    return takeWhile(lines, at, blocks, (it) => CODE_INDENT.test(it.text))
  if (ASIDE.test(line.text) && !ITEM.test(line.text))
    return takeWhile(lines, at, blocks, (it) => ASIDE.test(it.text) && !HEADING.test(it.text))
  return ITEM.test(line.text) ? takeList(lines, at, blocks) : takeParagraph(lines, at, blocks)
}

function codeOf(lines: readonly Line[], from: number, to: number): Block {
  const inside = lines.slice(from, to).filter((line) => !FENCE.test(line.text))
  return {kind: 'code', start: lines[from]!.start, end: lines[to - 1]!.end, lines: inside.length}
}

function takeWhile(
  lines: readonly Line[],
  at: number,
  blocks: Block[],
  goesOn: (line: Line) => boolean,
): number {
  let end = at + 1
  while (end < lines.length && goesOn(lines[end]!)) end++
  blocks.push({kind: 'aside', start: lines[at]!.start, end: lines[end - 1]!.end})
  return end
}

function takeTable(lines: readonly Line[], at: number, blocks: Block[]): number {
  let end = at
  const rows: Span[][] = []
  for (; end < lines.length && ROW.test(lines[end]!.text); end++)
    if (!RULE_ROW.test(lines[end]!.text)) rows.push(cellsOf(lines[end]!))
  blocks.push({kind: 'table', start: lines[at]!.start, end: lines[end - 1]!.end, rows})
  return end
}

function cellsOf(line: Line): Span[] {
  const bars = [...line.text.matchAll(/(?<!\\)\|/g)].map((match) => match.index)
  return bars.slice(1).map((bar, i) => inner(line, {start: line.start + bars[i]! + 1, end: line.start + bar}))
}

function takeList(lines: readonly Line[], at: number, blocks: Block[]): number {
  const indent = ITEM.exec(lines[at]!.text)![1]!.length
  const items: {start: number; end: number}[] = []
  let i = at
  for (; i < lines.length; i++) {
    const line = lines[i]!
    const item = ITEM.exec(line.text)
    if (item && item[1]!.length <= indent + 1) {
      items.push({start: line.start + item[0].length, end: trimmed(line).end})
    } else if (isBlank(line)) {
      const next = lines[i + 1]
      if (!next || !(ITEM.test(next.text) || INDENTED.test(next.text))) break
    } else if (endsList(line.text)) {
      break
    } else {
      items.at(-1)!.end = trimmed(line).end
    }
  }
  blocks.push({kind: 'list', start: trimmed(lines[at]!).start, end: items.at(-1)!.end, items})
  return i
}

const endsList = (text: string): boolean => /^(?:#{1,6}\s|\||>|```|~~~|<)/.test(text)

function takeParagraph(lines: readonly Line[], at: number, blocks: Block[]): number {
  const first = lines[at]!
  const next = lines[at + 1]
  if (next && UNDERLINE.test(next.text) && first.text.trim() !== '') {
    const span = trimmed(first)
    const level = next.text.trim().startsWith('=') ? 1 : 2
    blocks.push({kind: 'heading', level, start: span.start, end: next.end, title: span})
    return at + 2
  }
  const belongs = next && bodyOfTerm(first, next)
  if (belongs) return takeDefinition(lines, at, blocks, belongs)
  let end = at + 1
  while (end < lines.length && goesOn(lines[end]!) && !isApart(lines, at, end)) end++
  blocks.push({kind: 'paragraph', start: trimmed(first).start, end: trimmed(lines[end - 1]!).end})
  return end
}

/** What the lines of a definition begin with, when the next line explains this one. */
function bodyOfTerm(first: Line, next: Line): RegExp | undefined {
  if (/^:\s+\S/.test(next.text)) return /^(?::?\s+)\S/
  return !INDENTED.test(first.text) && INDENTED.test(next.text) && isTerm(first.text) ? INDENTED : undefined
}

const goesOn = (line: Line): boolean =>
  !isBlank(line) &&
  !FENCE.test(line.text) &&
  !HEADING.test(line.text) &&
  !ROW.test(line.text) &&
  !ITEM.test(line.text) &&
  !/^\s*(?:>|<!--|\{\{|:::|\.\. )/.test(line.text)

/** Lines of fields (`name: value`) stand each for itself, and so does a short first line without a stop before one that begins anew. */
function isApart(lines: readonly Line[], first: number, at: number): boolean {
  const [begun, line] = [lines[first]!.text.trim(), lines[at]!.text.trim()]
  if (FIELD.test(begun) && FIELD.test(line)) return true
  const isTitle = at === first + 1 && begun.length <= 50 && !ENDS_SENTENCE.test(begun)
  return isTitle && 2 * begun.length < line.length && /^[\p{Lu}\p{Lo}]/u.test(line)
}

const isTerm = (text: string): boolean =>
  text.trim().length <= 60 && text.trim().split(/\s+/).length <= 6 && !ENDS_SENTENCE.test(text.trim())

/** A term with the lines below it that belong to it. */
function takeDefinition(lines: readonly Line[], at: number, blocks: Block[], belongs: RegExp): number {
  let end = at + 1
  while (end < lines.length && belongs.test(lines[end]!.text)) end++
  const term = trimmed(lines[at]!)
  const begun = lines[at + 1]!
  const body = {
    start: begun.start + (/^:?\s+/.exec(begun.text)?.[0].length ?? 0),
    end: trimmed(lines[end - 1]!).end,
  }
  blocks.push({kind: 'definition', start: term.start, end: body.end, term, body})
  return end
}

function trimmed(line: Line): Span {
  return inner(line, line)
}

/** A part of a line without the white space around it. */
function inner(line: Line, {start, end}: Span): Span {
  const text = line.text.slice(start - line.start, end - line.start)
  const from = start + text.length - text.trimStart().length
  return {
    start: Math.min(from, end),
    end: Math.max(Math.min(from, end), end - (text.length - text.trimEnd().length)),
  }
}
