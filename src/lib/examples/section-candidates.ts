import {askAbout, type Asked} from './questions/ask-about.js'
import {questionOfHeading} from './questions/asking-headings.js'
import type {BlockOf, Span} from '../model/block.js'
import type {SectionBlock} from './reading/sections.js'
import type {FoundCandidate, CandidateContext} from './reading/candidate-context.js'
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
export function sectionCandidates(context: CandidateContext): readonly FoundCandidate[] {
  const {section, document, within} = context
  const {heading} = section
  const {blocks} = section
  const asked = askedBold(context, blocks)
  if (heading === undefined) return asked
  const found = answerUnder(context, blocks)
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

function answerUnder(context: CandidateContext, blocks: readonly SectionBlock[]): Under | undefined {
  const [first, second] = blocks
  if (!first) return undefined
  if (first.kind === 'list') return listUnder(context, first, first.start)
  if (first.kind !== 'paragraph') return undefined
  const sentences = sentencesOf(context.chunk, first)
  const announces = /[:：]$/.test(context.chunk.text.slice(first.start, first.end))
  const announced = announces && second && announcedBy(context, {sentences, first}, second)
  return announced || leadUnder(context, sentences)
}

function leadUnder(
  {chunk: {text}, document}: CandidateContext,
  sentences: readonly Span[],
): Under | undefined {
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
  context: CandidateContext,
  {sentences, first}: {readonly sentences: readonly Span[]; readonly first: Span},
  second: SectionBlock,
): Under | undefined {
  const start = sentences.length <= 2 ? first.start : sentences.at(-1)!.start
  if (second.kind === 'list') return listUnder(context, second, start)
  // By a rule, a quotation or markup, of which no example is made.
  const isApart = context.chunk.text.slice(first.end, second.start).trim() !== ''
  if (
    second.kind !== 'code' ||
    isApart ||
    linesOf(context.chunk.text, second) > MOST_CODE_LINES ||
    start !== first.start
  )
    return undefined
  const answer = context.chunk.text.slice(start, second.end)
  return isAnswer(answer, {withCode: true}) && !isFragment(answer)
    ? {span: {start, end: second.end}, isList: false, faults: faultsOf(answer, context.document.language)}
    : undefined
}

/** Lines of code between the fences. */
function linesOf(text: string, {body}: BlockOf<'code'>): number {
  return text.slice(body.start, body.end).split('\n').length - 1
}

function listUnder({chunk}: CandidateContext, list: BlockOf<'list'>, start: number): Under | undefined {
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
function askedBold(context: CandidateContext, blocks: readonly SectionBlock[]): readonly FoundCandidate[] {
  const {text} = context.chunk
  return blocks.flatMap((block, i): FoundCandidate[] => {
    const next = blocks[i + 1]
    if (block.kind !== 'paragraph' || !next) return []
    const own = text.slice(block.start, block.end)
    return lettered(context, own, next) ?? bold(context, own, blocks.slice(i + 1))
  })
}

/** Undefined when it is no `Q:` with an `A:` after it. */
function lettered(context: CandidateContext, own: string, next: SectionBlock): FoundCandidate[] | undefined {
  const {text} = context.chunk
  const asked = LETTER_Q.exec(own)?.[1]
  const mark = asked === undefined ? undefined : LETTER_A.exec(text.slice(next.start, next.end))?.[0]
  if (asked === undefined || mark === undefined) return undefined
  const span = {start: next.start + mark.length, end: next.end}
  return isAnswer(text.slice(span.start, span.end)) ? [asQuestion(context, asked, span)] : []
}

function bold(context: CandidateContext, own: string, after: readonly SectionBlock[]): FoundCandidate[] {
  const asked = /^(?:\*\*|__)([^*_\n]{8,200}[?？؟;])(?:\*\*|__)$/.exec(own)?.[1]
  if (asked === undefined || questionOfHeading(asked, context.document.language) === undefined) return []
  const found = answerUnder(context, after)
  return found ? [{...asQuestion(context, asked, found.span), quality: 10 - found.faults}] : []
}

function asQuestion({document}: CandidateContext, raw: string, span: Span): FoundCandidate {
  const question = questionOfHeading(plain(raw), document.language) ?? plain(raw)
  return {kind: 'question', question, span, quality: 10}
}
