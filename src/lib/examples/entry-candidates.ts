import {askAbout} from './questions/ask-about.js'
import type {BlockOf, Span} from '../model/block.js'
import type {FoundCandidate, CandidateContext} from './reading/candidate-context.js'
import {isAnswer} from './fit-answers.js'
import {isGlossary, isLabel} from './reading/headings.js'
import {countWords, plain} from './reading/text-measures.js'

/** `**Term**: …`, `**Term** – …`, `` `term`: … ``, `**Term:** …`. */
const MARKED =
  /^(?:\*\*|__|`{1,2})([^*_`\n]{2,60}?)(?:[:：]\s*)?(?:\*\*|__|`{1,2})\s*(?:[:：]|\s[–—-]{1,2}|[–—])?\s+(?=\S)/
const SEPARATED = /[:：–—-]\s*$|[:：]\s*(?:\*\*|__)\s*$/
/** `Term: …` without marks. */
const COLON =
  /^(\p{Lu}[^\n:：.!?。,()[\]{}=<>`]{1,48}|\p{Lo}[^\n:：.!?。,()[\]{}=<>`]{1,48})(?::\s+|：\s*)(?=\S)/u
/** What is written like program text is no term. */
const CODE_LIKE = /[=;]|:\S|[0-9a-f]{12}|\w\(.*\)|^\W+$/
const RECORD = /^[\p{L}\p{N}_ .-]{1,40}: ([^;\n]{2,80})(?:; [\p{L}\p{N}_ .-]{1,40}: [^;\n]{0,200}){2,}/u

const LEAST_CELL_WORDS = 8

/** Entries of lists of terms, tables and records. */
export function entryCandidates(context: CandidateContext): readonly FoundCandidate[] {
  return context.section.blocks.flatMap((block): readonly FoundCandidate[] => {
    switch (block.kind) {
      case 'definition':
        return definitionEntry(context, block)
      case 'list':
        return block.items.flatMap((item) => markedEntry(context, item))
      case 'paragraph':
        return [...paragraphEntry(context, block), ...recordEntries(context, block)]
      case 'table':
        return tableEntries(context, block)
      case 'code':
        return []
    }
  })
}

interface Entry {
  readonly term: string
  readonly span: Span
  /** The form says that the term is explained. */
  readonly explains: boolean
  readonly quality: number
}

function entry(context: CandidateContext, {term, span, explains, quality}: Entry): FoundCandidate[] {
  const {document, chunk, section, within} = context
  const subject = plain(term).replace(/[\s:：.–—-]+$/, '')
  const answer = chunk.text.slice(span.start, span.end)
  if (!isAnswer(answer) || countWords(subject) === 0 || subject.length > 60 || isLabel(subject)) return []
  if (CODE_LIKE.test(subject)) return []
  if (explains || context.isGlossary)
    return [{kind: 'definition', question: askAbout(document.language, 'means', {subject}), span, quality: 9}]
  const under = section.heading ?? within
  const question = askAbout(document.language, 'about', {subject, within: under})
  return [{kind: 'entry', question, span, quality: under === undefined ? quality - 2 : quality}]
}

function definitionEntry(context: CandidateContext, {term, body}: BlockOf<'definition'>): FoundCandidate[] {
  const name = context.chunk.text.slice(term.start, term.end)
  return entry(context, {
    term: name,
    span: body,
    explains: /^[\p{L}\s'’()-]+$/u.test(plain(name)),
    quality: 8,
  })
}

function markedEntry(context: CandidateContext, {start, end}: Span): FoundCandidate[] {
  const text = context.chunk.text.slice(start, end)
  const found = MARKED.exec(text)
  if (!found || !SEPARATED.test(found[0])) return []
  return entry(context, {
    term: found[1]!,
    span: {start: start + found[0].length, end},
    explains: false,
    quality: 7,
  })
}

function paragraphEntry(context: CandidateContext, block: Span): FoundCandidate[] {
  const marked = markedEntry(context, block)
  if (marked.length > 0) return marked
  const text = context.chunk.text.slice(block.start, block.end)
  const found = COLON.exec(text)
  if (!found || countWords(found[1]!) > 4 || text.includes('; ')) return []
  const span = {start: block.start + found[0].length, end: block.end}
  return entry(context, {term: found[1]!, span, explains: false, quality: 5})
}

/** Lines of `field: value; field: value; …`, as tables without markup are stored: the first value names the record. */
function recordEntries(context: CandidateContext, block: Span): FoundCandidate[] {
  const {text} = context.chunk
  const candidates: FoundCandidate[] = []
  for (let start = block.start; start < block.end;) {
    const found = text.indexOf('\n', start)
    const end = found < 0 || found > block.end ? block.end : found
    const name = RECORD.exec(text.slice(start, end))?.[1]
    if (name !== undefined && /\p{L}[\p{L}\p{M}]/u.test(name))
      candidates.push(...entry(context, {term: name, span: {start, end}, explains: false, quality: 5}))
    start = end + 1
  }
  return candidates
}

/** Rows of a table with a cell that says something about the first. */
function tableEntries(context: CandidateContext, {header, rows}: BlockOf<'table'>): FoundCandidate[] {
  const {text} = context.chunk
  const [head, ...body] = (header ? [header, ...rows] : rows).map(({cells}) => cells)
  if (!head || head.length < 2) return []
  const cell = (span: Span): string => text.slice(span.start, span.end)
  const explains = head.length === 2 && isGlossary(`${cell(head[0]!)} ${cell(head[1]!)}`)
  return body.flatMap(([name, ...more]) => {
    const told = more.reduce<Span | undefined>(
      (best, it) => (best && best.end - best.start >= it.end - it.start ? best : it),
      undefined,
    )
    if (!name || !told || !/\p{L}[\p{L}\p{M}]/u.test(cell(name))) return []
    // A cell among several says little without the head of its column.
    if (head.length > 2 && countWords(cell(told)) < LEAST_CELL_WORDS) return []
    return entry(context, {term: cell(name), span: told, explains, quality: 6})
  })
}
