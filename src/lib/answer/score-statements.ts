import type {Intent} from '../model/operations/answer.js'
import type {Analyser} from '../ports/analyser.js'
import {coverage, type Question} from './question.js'
import type {Statement} from './statements.js'

export interface ScoredStatement {
  readonly statement: Statement
  readonly score: number
  /** Terms of the question that it has itself. */
  readonly own: ReadonlySet<string>
  /** Those that its title and headings have. */
  readonly context: ReadonlySet<string>
  /** All its terms. */
  readonly all: ReadonlySet<string>
}

/** Weights, chosen by reading the answers to a few dozen questions to three collections. */
const CONTEXT = 0.45
const EXCERPT = 0.25
const NEAR = 0.1
const SHAPE = 0.25
const EARLY = 0.08
/** A definition begins with what it defines. */
const LEADS = 0.15
const QUESTION = 0.4
const FRAGMENT = 0.2
const TOO_SHORT = 0.25
const TOO_LONG = 0.1
const CODE = 0.5
const ROW = 0.25

/** How likely each statement answers the question: terms, headings, the excerpt's own score, and its shape. */
export function scoreStatements(
  analyser: Analyser,
  question: Question,
  statements: readonly Statement[],
): readonly ScoredStatement[] {
  const wanted = new Set(question.terms.flatMap(({variants}) => variants))
  const best = Math.max(1e-9, ...statements.map(({excerpt}) => excerpt.score))
  const contexts = new Map<string, ReadonlySet<string>>()
  return statements.map((statement) => {
    const {excerpt, heading, text} = statement
    const path = [excerpt.title, ...heading].join('\n')
    const known = contexts.get(path)
    const context = known ?? termsAmong(analyser.terms(path, excerpt.language), wanted)
    contexts.set(path, context)
    const terms = analyser.terms(text, excerpt.language)
    const own = termsAmong(terms, wanted)
    const score = scoreOf(question, {statement, own, context, terms, share: excerpt.score / best})
    return {statement, score, own, context, all: new Set(terms)}
  })
}

interface StatementContext {
  readonly statement: Statement
  readonly own: ReadonlySet<string>
  readonly context: ReadonlySet<string>
  readonly terms: readonly string[]
  /** Score of its part as a share of the best excerpt's. */
  readonly share: number
}

function scoreOf(question: Question, {statement, own, context, terms, share}: StatementContext): number {
  const covered = coverage(question, own)
  const withContext = coverage(question, new Set([...own, ...context]))
  if (withContext === 0) return 0
  const base = covered + CONTEXT * (withContext - covered) + EXCERPT * share + near(terms, own)
  const leads = question.intent === 'definition' && own.has(terms[0] ?? '') ? LEADS : 0
  const early = leads + EARLY / (1 + statement.index)
  return (
    base + early + (HAS_SHAPE_OF[question.intent](statement) ? SHAPE : 0) - faults(question.intent, statement)
  )
}

/** Terms of the question that stand side by side tell more than the same ones far apart. */
function near(terms: readonly string[], own: ReadonlySet<string>): number {
  let pairs = 0
  for (let i = 1; i < terms.length; i++)
    if (own.has(terms[i]!) && own.has(terms[i - 1]!) && terms[i] !== terms[i - 1]) pairs++
  return pairs === 0 ? 0 : NEAR * Math.min(1, pairs / Math.max(1, own.size - 1))
}

function faults(intent: Intent, {kind, text, isFragment}: Statement): number {
  const words = text.split(/\s+/).length
  const isUnspaced = words < 4 && text.length > 20
  let sum = 0
  if (/[?？]["”)]*$/.test(text)) sum += QUESTION
  if (isFragment) sum += FRAGMENT
  if (words < 4 && !isUnspaced && kind !== 'row') sum += TOO_SHORT
  if (words > 60) sum += TOO_LONG
  if (kind === 'code') sum += CODE
  if (kind === 'row' && ROWS_SAY_LITTLE.has(intent)) sum += ROW
  return sum
}

const ROWS_SAY_LITTLE: ReadonlySet<Intent> = new Set(['definition', 'yes-no', 'why', 'how-to', 'other'])

const DEFINES =
  /\b(is|are|was|means|refers to|is called|stands for|describes|occurs when|ist|sind|bedeutet|heißt|bezeichnet|est|sont|désigne|signifie|es|son|significa|é|è|sono)\s+(a|an|the|one|when|any|how|ein|eine|der|die|das|un|une|le|la|les|una|el|um|uma|il|lo)\b|это|是|とは/iu
const COMPARES =
  /\b(while|whereas|unlike|differ\w*|compared|than|instead|both|however|während|hingegen|anders als|tandis que|mientras)\b/i
const REASON =
  /\b(because|since|due to|caused?s?|reasons?|so that|therefore|results? (from|in)|weil|denn|da|wegen|parce que|car|porque|poiché|потому|так как)\b|因为|ため/iu
const DATE =
  /\b(1[0-9]{3}|20[0-9]{2})\b|\b\d{1,2}[:.]\d{2}\b|\b(january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|août|enero|febrero|abril|monday|tuesday|wednesday|thursday|friday|saturday|sunday|daily|weekly|annual\w*|every|years?|months?|days?|hours?|before|after)\b/i
const NUMBER =
  /\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|dozen|half|percent|million|billion|zwei|drei|deux|trois|dos|tres)\b/i
const NAMES = /(?:^|[^.!?]\s)\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)+/u
const PLACE =
  /\b(in|at|on|near|located|stored|found|under|directory|folder|file|path|~\/|%\w+%)\b|[~.]?\/[\w.-]+\//i
const STEP =
  /^(to |you can |you need|use |run |first|then|next|call |add |set |install |create |open |type |um |verwende|pour |utilise|para |usa)|\b(by \w+ing|using|with the|command|run|call)\b|`[^`]+`/i

const LISTS = /[:：]$|(?:[^,]+,){2,}[^,]+\b(and|or|und|oder|et|ou|y|e|и)\b/

type Sees = (statement: Statement) => boolean
const matches =
  (pattern: RegExp): Sees =>
  ({text}) =>
    pattern.test(text)

/** Whether a statement has the shape of an answer of the kind that is asked for. */
const HAS_SHAPE_OF: Readonly<Record<Intent, Sees>> = {
  definition: ({kind, text}) => kind !== 'code' && DEFINES.test(text.slice(0, 160)),
  comparison: matches(COMPARES),
  'how-to': ({kind, text}) => kind === 'item' || STEP.test(text),
  list: ({kind, text}) => kind === 'item' || LISTS.test(text.slice(0, 2000)),
  number: matches(NUMBER),
  when: matches(DATE),
  who: matches(NAMES),
  where: matches(PLACE),
  why: matches(REASON),
  'yes-no': ({kind}) => kind === 'prose',
  other: ({kind}) => kind === 'prose',
}

function termsAmong(terms: readonly string[], wanted: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(terms.filter((term) => wanted.has(term)))
}
