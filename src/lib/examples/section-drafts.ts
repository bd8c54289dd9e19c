import {askAbout, type Asked} from './questions/ask-about.js'
import {questionOfHeading} from './questions/asking-headings.js'
import type {BlockOf, Span} from '../model/block.js'
import type {SectionBlock} from './reading/sections.js'
import type {FoundDraft, Sight} from './reading/sight.js'
import {isAnswer, isFinished, isFragment, leadOf, speaksOfItself} from './fit-answers.js'
import {isGeneric} from './reading/headings.js'
import {sentencesOf} from './reading/sentences.js'
import {pointsOut} from './questions/points-out.js'
import {countWords, plain} from './reading/text-measures.js'

const MOST_ITEMS = 15
const MOST_CODE_LINES = 12

const LETTER_Q = /^(?:\*\*)?Q\d{0,3}[:.]\s*(?:\*\*)?\s*([^\n]{8,200}?\?)(?:\*\*)?$/
const LETTER_A = /^(?:\*\*)?A\d{0,3}[:.](?:\*\*)?\s+/

/** What stands first under a heading, as the answer to what the heading asks or names. */
export function sectionDrafts(sight: Sight): readonly FoundDraft[] {
  const {section, document, within} = sight
  const {heading} = section
  const {blocks} = section
  const asked = askedBold(sight, blocks)
  if (heading === undefined) return asked
  const found = answerUnder(sight, blocks)
  if (!found) return asked
  const question = questionOfHeading(heading, document.language)
  if (question !== undefined)
    return [...asked, {kind: 'question', question, span: found.span, quality: 10 - found.faults}]
  if (countWords(heading) === 0 || heading.length > 120) return asked
  const words = {subject: heading, within: heading === document.title ? undefined : within}
  const kind = found.isList ? 'list' : 'section'
  const ask: Asked = found.isList ? 'list' : 'about'
  return [
    ...asked,
    {
      kind,
      question: askAbout(document.language, ask, words),
      span: found.span,
      quality: (found.isList ? 7 : 8) - found.faults - (isGeneric(heading) ? 3 : 0),
    },
  ]
}

interface Under {
  readonly span: Span
  readonly isList: boolean
  readonly faults: number
}

function answerUnder(sight: Sight, blocks: readonly SectionBlock[]): Under | undefined {
  const [first, second] = blocks
  if (!first) return undefined
  if (first.kind === 'list') return listUnder(sight, first, first.start)
  if (first.kind !== 'paragraph') return undefined
  const sentences = sentencesOf(sight.chunk, first)
  const announces = /[:：]$/.test(sight.chunk.text.slice(first.start, first.end))
  const announced = announces && second && announcedBy(sight, {sentences, first}, second)
  return announced || leadUnder(sight, sentences)
}

function leadUnder({chunk: {text}, document}: Sight, sentences: readonly Span[]): Under | undefined {
  const whole = sentences.filter((it) => isFinished(text.slice(it.start, it.end)))
  const span = leadOf(text, whole[0] === sentences[0] ? whole : [])
  if (!span) return undefined
  const answer = text.slice(span.start, span.end)
  return isAnswer(answer) && !isFragment(answer)
    ? {span, isList: false, faults: faultsOf(answer, document.language)}
    : undefined
}

/** A list or code after the sentence that announces it. */
function announcedBy(
  sight: Sight,
  {sentences, first}: {readonly sentences: readonly Span[]; readonly first: Span},
  second: SectionBlock,
): Under | undefined {
  const start = sentences.length <= 2 ? first.start : sentences.at(-1)!.start
  if (second.kind === 'list') return listUnder(sight, second, start)
  const isApart = sight.chunk.text.slice(first.end, second.start).trim() !== ''
  if (
    second.kind !== 'code' ||
    isApart ||
    linesOf(sight.chunk.text, second) > MOST_CODE_LINES ||
    start !== first.start
  )
    return undefined
  const answer = sight.chunk.text.slice(start, second.end)
  return isAnswer(answer, {withCode: true}) && !isFragment(answer)
    ? {span: {start, end: second.end}, isList: false, faults: faultsOf(answer, sight.document.language)}
    : undefined
}

/** Lines of code between the fences. */
function linesOf(text: string, {body}: BlockOf<'code'>): number {
  return text.slice(body.start, body.end).split('\n').length - 1
}

function listUnder({chunk}: Sight, list: BlockOf<'list'>, start: number): Under | undefined {
  const isCut = list.end >= chunk.text.trimEnd().length && !chunk.isLast && !chunk.text.endsWith('\n\n')
  if (list.items.length < 2 || list.items.length > MOST_ITEMS || isCut) return undefined
  const answer = chunk.text.slice(start, list.end)
  const items = list.items.map((item) => chunk.text.slice(item.start, item.end))
  const links = items.filter((item) =>
    /^\s*(?:\*\*)?\[[^\]]+\]\([^)]*\)(?:\*\*)?\s*$|^\s*<?https?:\S+\s*$/.test(item),
  )
  if (!isAnswer(answer) || 2 * links.length >= items.length) return undefined
  return {span: {start, end: list.end}, isList: true, faults: answer.length > 900 ? 1 : 0}
}

function faultsOf(answer: string, language: string): number {
  const words = countWords(plain(answer))
  return (
    (speaksOfItself(answer) ? 6 : pointsOut(answer, language) ? 3 : 0) +
    (words < 8 ? 1 : 0) +
    (/\]\(|\]\[/.test(answer) ? 1 : 0)
  )
}

/** A question that stands in a paragraph of its own, in bold or after `Q:`, with its answer after it. */
function askedBold(sight: Sight, blocks: readonly SectionBlock[]): readonly FoundDraft[] {
  const {text} = sight.chunk
  return blocks.flatMap((block, i): FoundDraft[] => {
    const next = blocks[i + 1]
    if (block.kind !== 'paragraph' || !next) return []
    const own = text.slice(block.start, block.end)
    return lettered(sight, own, next) ?? bold(sight, own, blocks.slice(i + 1))
  })
}

/** Undefined when it is no `Q:` with an `A:` after it. */
function lettered(sight: Sight, own: string, next: SectionBlock): FoundDraft[] | undefined {
  const {text} = sight.chunk
  const asked = LETTER_Q.exec(own)?.[1]
  const mark = asked === undefined ? undefined : LETTER_A.exec(text.slice(next.start, next.end))?.[0]
  if (asked === undefined || mark === undefined) return undefined
  const span = {start: next.start + mark.length, end: next.end}
  return isAnswer(text.slice(span.start, span.end)) ? [asQuestion(sight, asked, span)] : []
}

function bold(sight: Sight, own: string, after: readonly SectionBlock[]): FoundDraft[] {
  const asked = /^(?:\*\*|__)([^*_\n]{8,200}[?？؟;])(?:\*\*|__)$/.exec(own)?.[1]
  if (asked === undefined || questionOfHeading(asked, sight.document.language) === undefined) return []
  const found = answerUnder(sight, after)
  return found ? [{...asQuestion(sight, asked, found.span), quality: 10 - found.faults}] : []
}

function asQuestion({document}: Sight, raw: string, span: Span): FoundDraft {
  const question = questionOfHeading(plain(raw), document.language) ?? plain(raw)
  return {kind: 'question', question, span, quality: 10}
}
