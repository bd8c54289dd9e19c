import type {Snippet} from '../model/operations/query.js'
import type {Analyser} from '../ports/analyser.js'

const LENGTH = 240

interface Match {
  readonly start: number
  readonly end: number
  readonly terms: readonly string[]
}

/** The part of a text in which most of the sought terms stand, with their places. White space is folded to single spaces. */
export function makeSnippet(
  analyser: Analyser,
  chunk: {readonly text: string; readonly language: string},
  terms: ReadonlySet<string>,
): Snippet {
  const text = chunk.text.replace(/\s+/g, ' ').trim()
  const matches: Match[] = []
  for (const word of analyser.words(text, chunk.language)) {
    const hit = word.terms.filter((term) => terms.has(term))
    if (hit.length > 0) matches.push({start: word.start, end: word.end, terms: hit})
  }
  const start = wordStart(text, bestStart(matches, text.length))
  const end = wordEnd(text, start + LENGTH)
  return {
    text: `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`,
    marks: marksWithin(matches, {start, end, shift: start > 0 ? 1 : 0}),
  }
}

/** Where the window begins that holds the most different terms; the earliest of equals. Linear in the matches. */
function bestStart(matches: readonly Match[], length: number): number {
  const counts = new Map<string, number>()
  let best = {distinct: 0, start: 0}
  let from = 0
  for (const match of matches) {
    for (const term of match.terms) counts.set(term, (counts.get(term) ?? 0) + 1)
    while (match.end - matches[from]!.start > LENGTH && matches[from] !== match)
      release(counts, matches[from++]!)
    if (counts.size > best.distinct) best = {distinct: counts.size, start: matches[from]!.start}
  }
  // A little of what stands before the first match makes it readable.
  return Math.max(0, Math.min(best.start - 40, length - LENGTH))
}

function release(counts: Map<string, number>, match: Match): void {
  for (const term of match.terms) {
    const left = counts.get(term)! - 1
    if (left === 0) counts.delete(term)
    else counts.set(term, left)
  }
}

function wordStart(text: string, at: number): number {
  if (at <= 0) return 0
  const space = text.indexOf(' ', at)
  return space >= 0 && space - at < 30 ? space + 1 : offSurrogate(text, at)
}

function wordEnd(text: string, at: number): number {
  if (at >= text.length) return text.length
  const space = text.lastIndexOf(' ', at)
  return space > at - 30 ? space : offSurrogate(text, at)
}

/** Not between the two halves of a character. */
function offSurrogate(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at
}

function marksWithin(
  matches: readonly Match[],
  {start, end, shift}: {readonly start: number; readonly end: number; readonly shift: number},
): [number, number][] {
  const marks: [number, number][] = []
  for (const match of matches) {
    if (match.start < start || match.end > end) continue
    const mark: [number, number] = [match.start - start + shift, match.end - start + shift]
    const last = marks.at(-1)
    if (last && mark[0] <= last[1]) last[1] = Math.max(last[1], mark[1])
    else marks.push(mark)
  }
  return marks
}
