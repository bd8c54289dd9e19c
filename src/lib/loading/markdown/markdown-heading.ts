import {titleLine} from '../file-title.js'

/** Far beyond any preface; a text with no heading in so much is not searched to its end. */
const MAX_CHARACTERS = 100_000

/** The text of the first heading of a Markdown text (`# X`, or underlined), outside code fences; `undefined` without one. */
export function markdownHeading(text: string): string | undefined {
  let fence = ''
  let previous = ''
  for (const line of text.slice(0, MAX_CHARACTERS).split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (mark !== undefined) {
      if (fence === '') fence = mark
      else if (mark[0] === fence[0] && mark.length >= fence.length) fence = ''
      previous = ''
      continue
    }
    if (fence !== '') continue
    const found = headingOf(line, previous)
    if (found !== undefined) return found
    previous = line
  }
  return undefined
}

function headingOf(line: string, previous: string): string | undefined {
  const atx = /^ {0,3}#{1,6}[ \t]+(\S.*)$/.exec(line)?.[1]
  if (atx !== undefined) return plainTitle(atx.slice(0, 1000).replace(/[ \t]#+[ \t]*$/, ''))
  const underlined = /^ {0,3}(?:=+|-+)[ \t]*$/.test(line) && /^ {0,3}[^\s>|#*+-]/.test(previous)
  return underlined ? plainTitle(previous) : undefined
}

/** A heading without emphasis, code marks, link targets and `{#id}`. */
function plainTitle(heading: string): string | undefined {
  const plain = heading
    .slice(0, 1000)
    .replace(/!?\[([^[\]]{0,300})\]\([^()\s]{0,300}\)/g, '$1')
    .replace(/\{#[^{}]{0,100}\}\s*$/, '')
    .replace(/<[^<>]{0,200}>/g, '')
    .replace(/[`*]+/g, '')
  return titleLine(plain)
}
