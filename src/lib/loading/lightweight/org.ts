import type {DocumentLoader} from '../../ports/document-loader.js'
import {lineLoader} from './line-loader.js'

const BEGIN = /^\s*#\+begin_(src|example)\b[ \t]*([\w+#-]{0,30})/i
const DRAWER = /^\s*:[\w-]{1,40}:\s*$/
const DRAWER_END = /^\s*:end:\s*$/i
const TABLE_RULE = /^\s*\|-[-+|\s]*$/

/** Org: its headings, source blocks and tables as Markdown, line by line. Drawers, comments and settings are left out. */
export const orgLoader: DocumentLoader = lineLoader('org', ['org'], (lines) => {
  let title: string | undefined
  let fence: RegExp | undefined
  let inDrawer = false
  const lastEnd = lastLines(lines, /^\s*#\+end_(src|example)\b/i)
  const lastDrawer = lines.findLastIndex((line) => DRAWER_END.test(line))
  const written = lines.map((line, at) => {
    if (fence) {
      if (!fence.test(line)) return line
      fence = undefined
      return '```'
    }
    const begin = BEGIN.exec(line)
    if (begin && (lastEnd.get(begin[1]!.toLowerCase()) ?? -1) > at) {
      fence = new RegExp(`^\\s*#\\+end_${begin[1]}\\b`, 'i')
      return `\`\`\`${begin[2]}`
    }
    if (inDrawer || (DRAWER.test(line) && at < lastDrawer)) {
      inDrawer = !DRAWER_END.test(line)
      return ''
    }
    title ??= /^#\+title:\s*(\S.*)$/i.exec(line)?.[1]
    return orgLine(line)
  })
  return {title, lines: written}
})

function orgLine(line: string): string {
  const heading = /^(\*{1,20}) +(.*)$/.exec(line)
  if (heading) return `${'#'.repeat(Math.min(6, heading[1]!.length))} ${headingText(heading[2]!)}`
  if (/^\s*#(?:\+|\s|$)/.test(line)) return ''
  if (TABLE_RULE.test(line)) return `|${' --- |'.repeat(line.split(/[+|]/).length - 2)}`
  return plainLinks(line)
}

/** Without the state, priority and tags of a task. */
function headingText(text: string): string {
  return plainLinks(text)
    .replace(/^(?:TODO|DONE)\s+/, '')
    .replace(/^\[#[A-Z0-9]\]\s+/, '')
    .replace(/\s+:[\w@#%:]+:\s*$/, '')
}

function plainLinks(text: string): string {
  return text.replace(
    /\[\[([^[\]]{1,2000})\](?:\[([^[\]]{1,2000})\])?\]/g,
    (_, target: string, label?: string) => label ?? target,
  )
}

function lastLines(lines: readonly string[], pattern: RegExp): ReadonlyMap<string, number> {
  const last = new Map<string, number>()
  lines.forEach((line, at) => {
    const kind = pattern.exec(line)?.[1]
    if (kind !== undefined) last.set(kind.toLowerCase(), at)
  })
  return last
}
