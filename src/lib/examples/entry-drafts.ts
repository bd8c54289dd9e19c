import {askAbout} from './questions/ask-about.js'
import type {BlockOf, Span} from '../model/block.js'
import type {FoundDraft, Sight} from './reading/sight.js'
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
export function entryDrafts(sight: Sight): readonly FoundDraft[] {
  return sight.section.blocks.flatMap((block): readonly FoundDraft[] => {
    switch (block.kind) {
      case 'definition':
        return definitionEntry(sight, block)
      case 'list':
        return block.items.flatMap((item) => markedEntry(sight, item))
      case 'paragraph':
        return [...paragraphEntry(sight, block), ...recordEntries(sight, block)]
      case 'table':
        return tableEntries(sight, block)
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

function entry(sight: Sight, {term, span, explains, quality}: Entry): FoundDraft[] {
  const {document, chunk, section, within} = sight
  const subject = plain(term).replace(/[\s:：.–—-]+$/, '')
  const answer = chunk.text.slice(span.start, span.end)
  if (!isAnswer(answer) || countWords(subject) === 0 || subject.length > 60 || isLabel(subject)) return []
  if (CODE_LIKE.test(subject)) return []
  if (explains || sight.isGlossary)
    return [{kind: 'definition', question: askAbout(document.language, 'means', {subject}), span, quality: 9}]
  const under = section.heading ?? within
  const question = askAbout(document.language, 'about', {subject, within: under})
  return [{kind: 'entry', question, span, quality: under === undefined ? quality - 2 : quality}]
}

function definitionEntry(sight: Sight, {term, body}: BlockOf<'definition'>): FoundDraft[] {
  const name = sight.chunk.text.slice(term.start, term.end)
  return entry(sight, {term: name, span: body, explains: /^[\p{L}\s'’()-]+$/u.test(plain(name)), quality: 8})
}

function markedEntry(sight: Sight, {start, end}: Span): FoundDraft[] {
  const text = sight.chunk.text.slice(start, end)
  const found = MARKED.exec(text)
  if (!found || !SEPARATED.test(found[0])) return []
  return entry(sight, {
    term: found[1]!,
    span: {start: start + found[0].length, end},
    explains: false,
    quality: 7,
  })
}

function paragraphEntry(sight: Sight, block: Span): FoundDraft[] {
  const marked = markedEntry(sight, block)
  if (marked.length > 0) return marked
  const text = sight.chunk.text.slice(block.start, block.end)
  const found = COLON.exec(text)
  if (!found || countWords(found[1]!) > 4 || text.includes('; ')) return []
  const span = {start: block.start + found[0].length, end: block.end}
  return entry(sight, {term: found[1]!, span, explains: false, quality: 5})
}

/** Lines of `field: value; field: value; …`, as tables without markup are stored: the first value names the record. */
function recordEntries(sight: Sight, block: Span): FoundDraft[] {
  const {text} = sight.chunk
  const drafts: FoundDraft[] = []
  for (let start = block.start; start < block.end;) {
    const found = text.indexOf('\n', start)
    const end = found < 0 || found > block.end ? block.end : found
    const name = RECORD.exec(text.slice(start, end))?.[1]
    if (name !== undefined && /\p{L}[\p{L}\p{M}]/u.test(name))
      drafts.push(...entry(sight, {term: name, span: {start, end}, explains: false, quality: 5}))
    start = end + 1
  }
  return drafts
}

/** Rows of a table with a cell that says something about the first. */
function tableEntries(sight: Sight, {header, rows}: BlockOf<'table'>): FoundDraft[] {
  const {text} = sight.chunk
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
    return entry(sight, {term: cell(name), span: told, explains, quality: 6})
  })
}
