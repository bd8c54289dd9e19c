import type {DocumentLoader} from '../../ports/document-loader.js'
import {lineLoader} from './line-loader.js'

/** Lines that begin and end a block: of code, of comments, and of other text. */
const DELIMITER = /^(?:-{4,}|\.{4,}|`{3,}|\/{4,})\s*$/
const COMMENT = /^\/{4,}\s*$/
const FRAME = /^(?:={4,}|\*{4,}|_{4,}|\+{4,}|--|\|={3,})\s*$/
const ATTRIBUTES = /^\[(?:\[[^\]]*\]|[^\]]*)\]\s*$/

/** AsciiDoc: its titles, listings and lists as Markdown, line by line. Attributes and comments are left out; nothing is included. */
export const asciidocLoader: DocumentLoader = lineLoader('asciidoc', ['adoc', 'asciidoc'], (lines) => {
  let title: string | undefined
  let open: {readonly end: string; readonly isComment: boolean} | undefined
  let language = ''
  const last = new Map(lines.map((line, at) => [line.trimEnd(), at]))
  const written = lines.map((line, at) => {
    const mark = line.trimEnd()
    if (open) {
      const {end, isComment} = open
      if (mark === end) open = undefined
      return isComment ? '' : mark === end ? '```' : line
    }
    if (DELIMITER.test(line) && last.get(mark)! > at) {
      open = {end: mark, isComment: COMMENT.test(line)}
      return open.isComment ? '' : `\`\`\`${language}`
    }
    language = /^\[(?:source)?,\s*([\w+#-]{1,30})/.exec(line)?.[1] ?? ''
    title ??= /^= +(\S.*)$/.exec(line)?.[1]
    return asciidocLine(line)
  })
  return {title, lines: written}
})

function asciidocLine(line: string): string {
  const heading = /^(={1,6}) +(\S.*)$/.exec(line)
  if (heading) return `${'#'.repeat(heading[1]!.length)} ${inline(heading[2]!)}`
  if (
    /^\/\/(?!\/)/.test(line) ||
    FRAME.test(line) ||
    ATTRIBUTES.test(line) ||
    /^:!?[\w-]{1,60}!?:/.test(line)
  )
    return ''
  const item = /^\s*(\*{1,5}|-) +(\S.*)$/.exec(line)
  if (item) return `${'  '.repeat(item[1]!.length - 1)}- ${inline(item[2]!)}`
  const numbered = /^\s*(\.{1,5}) +(\S.*)$/.exec(line)
  if (numbered) return `${'   '.repeat(numbered[1]!.length - 1)}1. ${inline(numbered[2]!)}`
  return inline(line.replace(/^\.(?=[\p{L}\p{N}])/u, ''))
}

/** Links, references and images are their text. */
function inline(text: string): string {
  return text
    .replace(/(?:link:|xref:|image::?)[^\s[\]]{1,1000}\[([^\]]{0,1000})\]/g, '$1')
    .replace(/(https?:\/\/[^\s[\]]{1,1000})\[([^\]]{1,1000})\]/g, '$2')
    .replace(
      /<<([^<>,]{1,500})(?:,\s*([^<>]{1,500}))?>>/g,
      (_, target: string, label?: string) => label ?? target,
    )
    .replace(/\[\[[\w.:-]{1,200}\]\]/g, '')
}
