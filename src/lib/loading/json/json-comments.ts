import {endOfString} from '../../model/input/parse-json.js'

/**
 * A JSON text with spaces for its comments (`//` and block ones) and for commas before a closing bracket. Everything else, line ends too,
 * stays where it is. Linear in the length.
 */
export function withoutComments(text: string): string {
  const cuts: [start: number, end: number][] = []
  /** The last comma, as long as nothing but white space and comments stands behind it. */
  let comma = -1
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '/') {
      const end = endOfComment(text, at)
      cuts.push([at, end])
      at = end - 1
    } else if (character === ',') comma = at
    else if (!/\s/.test(character)) {
      if (comma >= 0 && (character === '}' || character === ']')) cuts.push([comma, comma + 1])
      comma = -1
      if (character === '"') at = endOfString(text, at)
      if (at < 0) break
    }
  }
  return blank(text, cuts)
}

/** Behind a comment; of what is none, behind its first character. */
function endOfComment(text: string, start: number): number {
  const kind = text[start + 1]
  if (kind !== '/' && kind !== '*') return start + 1
  const end = kind === '/' ? text.indexOf('\n', start) : text.indexOf('*/', start + 2)
  if (end < 0) return text.length
  return kind === '/' ? end : end + 2
}

function blank(text: string, cuts: readonly [start: number, end: number][]): string {
  const kept: string[] = []
  let from = 0
  for (const [start, end] of cuts.toSorted(([a], [b]) => a - b)) {
    kept.push(text.slice(from, start), text.slice(start, end).replace(/[^\n]/g, ' '))
    from = end
  }
  return [...kept, text.slice(from)].join('')
}
