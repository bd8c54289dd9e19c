import {askAbout} from './questions/ask-about.js'
import {questionOfHeading} from './questions/asking-headings.js'
import {definedTerm} from './questions/definition-patterns.js'
import type {Span} from '../model/block.js'
import type {FoundCandidate, CandidateContext} from './reading/candidate-context.js'
import {isAnswer, isFinished, isBalanced, isFragment, speaksOfItself} from './fit-answers.js'
import {isGeneric} from './reading/headings.js'
import {sentencesOf} from './reading/sentences.js'
import {pointsOut} from './questions/points-out.js'
import {countWords, plain, sameKey} from './reading/text-measures.js'
import {topicOf} from './questions/topics.js'

const MOST_TERM_WORDS = 5
/** So much of a chunk is looked through for a term that comes back; bounds the time for chunks that others cut. */
const SCANNED_CHARS = 20_000
/** What a number after it only counts off. */
const NUMBER =
  /(?<!(?:version|step|page|line|level|part|volume|schritt|seite|zeile|étape|paso|шаг) )(?<![\p{L}\p{Nd}_./-])\p{Nd}[\p{Nd}.,٫٬]*(?![\p{Nd}_/])/giu
const YEAR = /^(?:1[0-9]{3}|20[0-9]{2})[.,]?$/
/** Nouns that a sentence can be about without saying what they are. */
const EMPTY_NOUNS =
  /^(?:same |other |main |only |first |second |third |last |next |final |best |most |key |new |following |previous )*(?:one|ones|thing|things|reason|problem|result|results|goal|aim|purpose|idea|point|answer|question|example|difference|advantage|disadvantage|solution|option|default|rest|step|way|case|question|type|value|change|issue|method|approach|grund|ziel|problem|ergebnis|beispiel|unterschied|vorteil|nachteil|raison|but|problème|résultat|exemple|razón|objetivo|problema|resultado|ejemplo|motivo|scopo|risultato)$/i

const DEFINITE =
  /^(?:the|der|die|das|les?|la|l['’]|el|los|las|il|lo|gli|i|de|het|os|els|ο|η|το|οι|τα)(?:\s|(?<=['’]))/i
const UNCAPITALISED = new Set('zh ja ko th ar fa ur he hi ne mr ta vi tr'.split(' '))

/** Sentences that explain a term, give figures, or say something about a name. */
export function sentenceCandidates(context: CandidateContext): readonly FoundCandidate[] {
  const {chunk, section} = context
  return section.blocks.flatMap((block) => {
    if (block.kind !== 'paragraph') return []
    return sentencesOf(context.chunk, block).flatMap((span) => {
      const raw = chunk.text.slice(span.start, span.end)
      if (raw.length > 600 || !isFinished(raw) || isFragment(raw) || !isAnswer(raw) || !isBalanced(raw))
        return []
      if (speaksOfItself(raw)) return []
      const sentence = plain(raw)
      return oneOf(context, {span, sentence})
    })
  })
}

interface Sentence {
  readonly span: Span
  /** Without marks, on one line. */
  readonly sentence: string
}

function oneOf(context: CandidateContext, it: Sentence): FoundCandidate[] {
  const defined = definition(context, it)
  if (defined) return [defined]
  if (
    /[?？؟]["”»)]*$/.test(it.sentence) ||
    pointsOut(it.sentence, context.document.language) ||
    countWords(it.sentence) < 6
  )
    return []
  return figures(context, it) ?? about(context, it) ?? []
}

function definition(context: CandidateContext, {span, sentence}: Sentence): FoundCandidate | undefined {
  const {document, analyser, chunk, section} = context
  const found = definedTerm(sentence, document.language)
  if (found === undefined || pointsOut(sentence, document.language) || EMPTY_NOUNS.test(found))
    return undefined
  const term = withoutAside(found)
  if (!isTerm(term, (word) => analyser.terms(word, document.language).length > 0)) return undefined
  const isNamed = [document.title ?? '', ...section.under].some((title) => shares(title, term))
  const isRepeated = chunk.text.slice(0, SCANNED_CHARS).toLowerCase().split(term.toLowerCase()).length > 2
  // `The cure is a …` speaks of one that is known already; without capitals a clause looks like a term.
  if (!isNamed && (DEFINITE.test(sentence) || (!isRepeated && UNCAPITALISED.has(document.language))))
    return undefined
  const question = askAbout(document.language, 'means', {subject: term})
  return {kind: 'definition', question, span, quality: isNamed ? 9 : isRepeated ? 7 : 5}
}

const withoutAside = (term: string): string =>
  term.replace(/\s+(?:also|typically|usually|generally|often)$/i, '').trim()

function isTerm(term: string, means: (word: string) => boolean): boolean {
  const words = term.split(/\s+/)
  if (term.length < 2 || words.length > MOST_TERM_WORDS || !/\p{L}[\p{L}\p{M}]/u.test(term)) return false
  return words.every((word) => /^(?:of|and|de|des|du|del|di|und|von|et|y|e|the)$/i.test(word) || means(word))
}

const shares = (title: string, term: string): boolean => {
  const [a, b] = [sameKey(title), sameKey(term)]
  return a !== '' && b !== '' && [b, `${b}s`, `${b}es`].some((one) => ` ${a} `.includes(` ${one} `))
}

function figures(context: CandidateContext, {span, sentence}: Sentence): FoundCandidate[] | undefined {
  const numbers = (sentence.match(NUMBER) ?? []).filter((number) => !YEAR.test(number))
  if (numbers.length === 0) return undefined
  const {document, section, repeated, within} = context
  const own = subjectOf(section.heading, document.language)
  const topic = topicOf(sentence, document.language, repeated)
  const subject = topic ?? own
  if (subject === undefined) return undefined
  const outer = topic === undefined ? within : (own ?? within)
  const question = askAbout(document.language, 'figures', {subject, within: outer})
  return [{kind: 'figure', question, span, quality: 5 - (topic === undefined ? 1 : 0)}]
}

/** A heading that names something: neither a question nor one that any section may have. */
function subjectOf(heading: string | undefined, language: string): string | undefined {
  if (heading === undefined || isGeneric(heading)) return undefined
  return questionOfHeading(heading, language) === undefined ? heading : undefined
}

function about(context: CandidateContext, {span, sentence}: Sentence): FoundCandidate[] | undefined {
  const {document, section, repeated, within} = context
  const subject = topicOf(sentence, document.language, repeated)
  if (subject === undefined) return undefined
  const question = askAbout(document.language, 'about', {subject, within: section.heading ?? within})
  return [{kind: 'sentence', question, span, quality: 4}]
}
