import {collapseSpace} from '../collapse-space.js'

/** What there must be for anything to be done: most texts have none of it. */
const SIGNS = /<h[1-6][\s>]|<!--|\{\/\*|<a\s/i
const FENCE = /^ {0,3}(`{3,}|~{3,})/
const HEADING = /<h([1-6])\b[^<>]{0,300}>([^]{0,300}?)<\/h\1\s{0,20}>/gi
const ANCHOR = /<a\s[^<>]{0,300}>\s{0,20}<\/a>/gi
/** How comments of HTML and MDX begin and end. */
const COMMENTS = [
  ['<!--', '-->'],
  ['{/*', '*/}'],
] as const
/** How far back a line is looked at. */
const MOST_BEFORE = 2000
const TAG = /<\/?[a-z][^<>]{0,500}>/gi
const ALT = /<img\b[^<>]{0,500}?\balt\s{0,5}=\s{0,5}"([^"<>]{1,200})"[^<>]{0,500}>/gi

/**
 * Makes Markdown of what Markdown has HTML for and readers see: `<h1>` becomes `#`, what stands about it in the same block loses its tags;
 * comments and anchors become blanks. Code is left alone; every line keeps its number. Linear in the length.
 */
export function htmlInMarkdown(text: string): string {
  if (!SIGNS.test(text)) return text
  return proseOf(text)
    .map(({isCode, part}) => (isCode ? part : withHeadings(withoutInvisible(part))))
    .join('')
}

interface Part {
  readonly isCode: boolean
  readonly part: string
}

/** Fenced code, and what is between. */
function proseOf(text: string): readonly Part[] {
  const parts: Part[] = []
  let lines: string[] = []
  let fence = ''
  const end = (isCode: boolean): void => {
    if (lines.length > 0) parts.push({isCode, part: lines.join('')})
    lines = []
  }
  for (const line of text.split(/(?<=\n)/)) {
    const [, mark = ''] = FENCE.exec(line) ?? []
    if (fence === '' && mark !== '') {
      end(false)
      fence = mark
      lines.push(line)
    } else {
      lines.push(line)
      if (fence === '' || mark[0] !== fence[0] || mark.length < fence.length) continue
      end(true)
      fence = ''
    }
  }
  end(fence !== '')
  return parts
}

/** Without comments and anchors, but for those in code within a line. */
function withoutInvisible(text: string): string {
  const seen = COMMENTS.reduce((left, [open, close]) => withoutComments(left, open, close), text)
  return seen.replace(ANCHOR, (found, at: number) => (isInCode(seen, at) ? found : blank(found)))
}

function withoutComments(text: string, open: string, close: string): string {
  const kept: string[] = []
  let from = 0
  for (let at = text.indexOf(open); at >= 0;) {
    const end = text.indexOf(close, at + open.length)
    if (end < 0) break
    if (!isInCode(text, at)) {
      kept.push(text.slice(from, at), blank(text.slice(at, end + close.length)))
      from = end + close.length
    }
    at = text.indexOf(open, Math.max(from, at + 1))
  }
  return [...kept, text.slice(from)].join('')
}

/** Between marks of code on its line. */
function isInCode(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - MOST_BEFORE), at)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  return (line.match(/`/g)?.length ?? 0) % 2 === 1
}

const blank = (text: string): string => text.replace(/[^\n]+/g, '')

/** Blocks (lines up to a blank one) that hold a heading of HTML, without tags. Indented ones are code. */
function withHeadings(text: string): string {
  if (!/<h[1-6][\s>]/i.test(text)) return text
  return text
    .split(/(\n[ \t]*\n+)/)
    .map((block) =>
      /^\n*(?: {4}|\t)/.test(block) ? block : block.search(HEADING) < 0 ? block : plainBlock(block),
    )
    .join('')
}

function plainBlock(block: string): string {
  const headed = block.replace(HEADING, (found, level: string, inner: string, at: number) => {
    if (isInCode(block, at)) return found
    const title = plain(inner)
    const lines = '\n'.repeat(found.split('\n').length - 1)
    return title === '' ? lines : `${'#'.repeat(Number(level))} ${title}${lines}`
  })
  return headed
    .split('\n')
    .map((line) => (/^ {0,3}[<\s]/.test(line) || line.includes('# ') ? plainLine(line) : line))
    .join('\n')
}

function plainLine(line: string): string {
  const heading = /#{1,6} \S/.exec(line)
  const rest = plain(line)
  // What stands before a heading on its line goes: a heading begins its line.
  return heading && !rest.startsWith('#') ? plain(line.slice(heading.index)) : rest
}

const plain = (text: string): string => collapseSpace(text.replace(ALT, ' $1 ').replace(TAG, ' '))
