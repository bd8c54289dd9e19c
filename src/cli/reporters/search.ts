import type {Hit, SearchReport, SideScore, Snippet} from '../../lib/index.js'
import {breakWord, columnsOf, wrap} from '../output/columns.js'
import {counted, showCount} from '../output/human.js'
import {bold, dim, type Screen} from '../output/screen.js'
import {showPlace} from '../output/places.js'
import {printable, visibleName} from '../output/visible.js'
import {withoutHeading} from './without-heading.js'

const INDENT = '   '

/** Hits for people: rank, score, document, heading path and place, and the snippet with the matched words marked. */
export function renderSearch(report: SearchReport, screen: Screen, explain: boolean): string {
  const head = explain ? `${dim(explainReport(report), screen)}\n\n` : ''
  return head + report.hits.map((hit) => renderHit(hit, screen, explain)).join('\n')
}

function renderHit(hit: Hit, screen: Screen, explain: boolean): string {
  const path = [visibleName(hit.docId), ...hit.heading.map(printable)].join(' › ')
  const place = showPlace(hit.place)
  const where = place === '' ? '' : `  ${dim(`(${place})`, screen)}`
  const out = [`${hit.rank}. ${hit.score.toFixed(3)}  ${bold(path, screen)}${where}`]
  if (explain) out.push(INDENT + dim(explainHit(hit), screen))
  for (const text of hit.context?.before ?? []) out.push(...block(text, screen))
  out.push(...snippetLines(shownSnippet(withoutHeading(hit)), screen))
  for (const text of hit.context?.after ?? []) out.push(...block(text, screen))
  return out.map((line) => `${line}\n`).join('')
}

/** A snippet as it may be shown, its marks moved along. */
function shownSnippet({text, marks}: Snippet): Snippet {
  let shown = ''
  let at = 0
  const moved = marks.map(([from, to]) => {
    shown += printable(text.slice(at, from))
    const start = shown.length
    shown += printable(text.slice(from, to))
    at = to
    return [start, shown.length] as const
  })
  return {text: shown + printable(text.slice(at)), marks: moved}
}

/** Folds a snippet at its spaces; words longer than a line are broken. Marks that are a colour take up no room. */
function snippetLines({text, marks}: Snippet, screen: Screen): readonly string[] {
  const width = screen.width - INDENT.length
  const mark = (part: string): string => (screen.colour ? bold(part, screen) : `**${part}**`)
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const {piece, at, isWhole} of piecesOf(text, width)) {
    const own = marks
      .map(([from, to]) => [Math.max(from - at, 0), Math.min(to - at, piece.length)] as const)
      .filter(([from, to]) => from < to)
    const shown = markText(piece, own, mark)
    const columns = columnsOf(screen.colour ? piece : shown)
    if (used > 0 && (!isWhole || used + 1 + columns > width)) {
      lines.push(line)
      line = ''
      used = 0
    }
    line += (used > 0 ? ' ' : INDENT) + shown
    used += (used > 0 ? 1 : 0) + columns
  }
  return used > 0 ? [...lines, line] : lines
}

/** The words of a text, those broken that are longer than a line. */
function* piecesOf(
  text: string,
  width: number,
): Generator<{readonly piece: string; readonly at: number; readonly isWhole: boolean}> {
  for (const {0: word, index} of text.matchAll(/\S+/gu)) {
    let at = index
    const pieces = breakWord(word, width)
    for (const piece of pieces) {
      yield {piece, at, isWhole: pieces.length === 1}
      at += piece.length
    }
  }
}

/** Puts `mark` around the ranges of a text. */
export function markText(
  text: string,
  marks: Snippet['marks'],
  mark: (word: string) => string = (word) => `**${word}**`,
): string {
  let out = ''
  let at = 0
  for (const [from, to] of marks) {
    out += text.slice(at, from) + mark(text.slice(from, to))
    at = to
  }
  return out + text.slice(at)
}

function block(text: string, screen: Screen): readonly string[] {
  return wrap(printable(text), screen.width - INDENT.length).map((line) => dim(INDENT + line, screen))
}

function explainHit({scores}: Hit): string {
  const side = (name: string, score: SideScore | undefined): string => {
    if (score === undefined) return `${name} –`
    return `${name} ${score.score.toFixed(4)} (${score.rank === undefined ? 'not proposed' : `rank ${score.rank}`})`
  }
  return `${side('keyword', scores.keyword)} · ${side('vector', scores.vector)}`
}

function explainReport({explain, mode, totalFound, tookMs}: SearchReport): string {
  return [
    `mode ${mode}`,
    `terms ${explain.terms.map(printable).join(' ') || '–'}`,
    `fusion ${explain.fusion}, vector weight ${explain.weight}`,
    `${counted(explain.segments, 'segments')}, tail ${showCount(explain.tail)}, pending ${showCount(explain.pending)}`,
    `${counted(totalFound, 'candidates')} in ${tookMs.toFixed(1)} ms`,
  ].join(' · ')
}
