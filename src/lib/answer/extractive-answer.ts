import type {Intent} from '../model/operations/answer.js'
import type {Analyser} from '../ports/analyser.js'
import {citationsOf, type CitedAnswer} from './cited-answer.js'
import type {Excerpt} from './excerpt.js'
import {coverage, type Question} from './question.js'
import {scoreStatements, type ScoredStatement} from './score-statements.js'
import {statementsOf, type Statement} from './statements.js'

/** Statements that an answer of each intent has at most. */
const MOST: Readonly<Record<Intent, number>> = {
  definition: 3,
  comparison: 4,
  'how-to': 5,
  list: 8,
  'yes-no': 2,
  number: 2,
  when: 2,
  who: 2,
  where: 2,
  why: 3,
  other: 3,
}
/** A statement that scores less than this share of the best is left out. */
const LEAST_SHARE = 0.6
/** Two statements of whose terms so many are shared say the same. */
const SAME = 0.7
/** Statements that are taken along after one that announces them. */
const MOST_FOLLOWING = 8

/**
 * The least share of the question's weight that the best excerpt, title and headings included, must cover for its sentences to
 * be an answer: more than half. Of 32 questions to three collections, those that their documents answer cover 0.52 or more,
 * those they do not 0.50 or less.
 */
export const LEAST_COVERAGE = 0.51

/** The best sentences of the excerpts, cited; undefined when nothing in them is about the question. */
export function extractiveAnswer(
  analyser: Analyser,
  question: Question,
  excerpts: readonly Excerpt[],
): CitedAnswer | undefined {
  const statements = excerpts.map((excerpt) => statementsOf(excerpt))
  const scored = scoreStatements(analyser, question, statements.flat())
  if (relevance(question, scored) < LEAST_COVERAGE) return undefined
  const chosen = choose(question, scored)
  if (chosen.length === 0) return undefined
  const all = chosen.flatMap((it) => [it.statement, ...following(question, it.statement, statements)])
  return compose(inReadingOrder([...new Set(all)], excerpts))
}

/** How much of the question the best excerpt covers. */
export function relevance(question: Question, scored: readonly ScoredStatement[]): number {
  const terms = new Map<Excerpt, Set<string>>()
  for (const {statement, own, context} of scored) {
    const set = terms.get(statement.excerpt) ?? new Set<string>()
    for (const term of [...own, ...context]) set.add(term)
    terms.set(statement.excerpt, set)
  }
  return Math.max(0, ...[...terms.values()].map((set) => coverage(question, set)))
}

function choose({intent}: Question, scored: readonly ScoredStatement[]): ScoredStatement[] {
  const ranked = [...scored].sort((a, b) => b.score - a.score)
  const best = ranked[0]
  if (!best || best.score <= 0) return []
  const chosen: ScoredStatement[] = []
  for (const it of ranked) {
    if (chosen.length === MOST[intent] || it.score < LEAST_SHARE * best.score) break
    if (chosen.some((other) => overlap(it.all, other.all) > SAME)) continue
    chosen.push(it)
  }
  return chosen
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const least = Math.min(a.size, b.size)
  if (least === 0) return 1
  let both = 0
  for (const term of a) if (b.has(term)) both++
  return both / least
}

/** What a sentence announces (`… as follows:`) belongs to it; of a how-to also the code right after it. */
function following(
  {intent}: Question,
  statement: Statement,
  statements: readonly (readonly Statement[])[],
): Statement[] {
  const own = statements[statement.excerpt.n - 1] ?? []
  const announces = /[:：]$/.test(statement.text)
  if (!announces && intent !== 'how-to') return []
  const taken: Statement[] = []
  for (const next of own.slice(statement.index + 1)) {
    const isPart = announces ? next.kind !== 'prose' : next.kind === 'code' && taken.length === 0
    if (!isPart || taken.length === MOST_FOLLOWING) break
    taken.push(next)
    if (next.kind === 'code') break
  }
  return taken
}

/** Excerpts by their place, statements as the document has them. */
function inReadingOrder(chosen: readonly Statement[], excerpts: readonly Excerpt[]): Statement[] {
  const first = new Map<Excerpt, number>()
  chosen.forEach(({excerpt}, i) => first.set(excerpt, first.get(excerpt) ?? i))
  const order = (statement: Statement): number => first.get(statement.excerpt) ?? excerpts.length
  return [...chosen].sort((a, b) => order(a) - order(b) || a.index - b.index)
}

/** Sentences that follow one another in a chunk share a citation; items, rows and code stand on lines of their own. */
function compose(statements: readonly Statement[]): CitedAnswer {
  const citations = citationsOf()
  let text = ''
  statements.forEach((it, i) => {
    const n = citations.cite(it.excerpt, it.part, it.place)
    const before = statements[i - 1]
    text += (before ? between(before, it) : '') + body(it)
    if (!isCitedLater(it, statements[i + 1])) text += it.kind === 'code' ? `\n[${n}]` : ` [${n}]`
  })
  return {text, citations: citations.list()}
}

function between(before: Statement, it: Statement): string {
  if (before.excerpt === it.excerpt && before.kind === 'prose' && it.kind === 'prose') return ' '
  return before.kind === it.kind && (it.kind === 'item' || it.kind === 'row') ? '\n' : '\n\n'
}

function isCitedLater(it: Statement, next: Statement | undefined): boolean {
  return next?.part === it.part && (next.kind === it.kind || it.kind === 'prose')
}

function body({kind, text}: Statement): string {
  if (kind === 'code') return `\`\`\`\n${text}\n\`\`\``
  return kind === 'prose' ? text : `- ${text}`
}
