import type {Span} from '../model/block.js'
import {countWords, plain, shareOfLetters} from './reading/text-measures.js'

/** No example is made of an answer with fewer words. */
export const LEAST_WORDS = 4
const MOST_CHARACTERS = 1500
const LEAST_LETTERS = 0.6

/** What is left of a page's furniture: markup, templates, references to nothing. */
const FURNITURE =
  /^--?\w|```|~~~|\{\{|\{%|<[a-z/!][^>]*>|^\s*\.\. |!\[|\bhttps?:\/\/\S+\s*$|^https?:|\[\^|\|.*\|/im
const FIELD_LINES = /^\s*[a-z][\w-]*: +\S/gm
/** Of code: what is filled in by the program that shows the page. */
const TEMPLATE = /\{\{[#>/]|^\s*<\/?[A-Z][^>]*>\s*$|^:\s*$/m
const LINK = /\[[^\][]{1,300}\](?:\([^()\s]{0,500}\)|\[[^\][]{0,100}\])/g

/** Whether a text can be an answer: long enough to say something, short enough to be one, and prose. */
export function isAnswer(text: string, options: {readonly withCode?: boolean} = {}): boolean {
  if (text.length > MOST_CHARACTERS || countWords(plain(text)) < LEAST_WORDS) return false
  if (options.withCode) return !TEMPLATE.test(text)
  if ((text.match(FIELD_LINES)?.length ?? 0) > 1) return false
  if (FURNITURE.test(text) || shareOfLetters(plain(text)) < LEAST_LETTERS) return false
  return countWords(plain(text.replaceAll(LINK, ' '))) >= LEAST_WORDS
}

/** Speaks of the document's own parts, which nobody sees who sees only the chunk. */
const OF_ITSELF =
  /\b(?:this|the (?:following|previous|next|last|above)|in (?:the|this)|following) (?:chapter|section|page|book|appendix|document|guide|tutorial|article|table|list|list of|figure|example|code|directory)s?\b|\b(?:chapter|listing|figure|table|section|appendix) [A-Z]?-?\d|\bthe following\b|\b(?:see|shown) (?:below|above)\b|(?:diese[smr]?|folgende[nrs]?|im) (?:kapitel|abschnitt|beispiel)/i

export const speaksOfItself = (text: string): boolean => OF_ITSELF.test(text.replaceAll(/\s+/g, ' '))

/** Whether a text begins inside a sentence: with a small letter or a mark that closes or joins. */
export function isFragment(text: string): boolean {
  return /^(?:[,.;:!?)\]}…%&]|(?=[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}])\p{Ll})/u.test(
    text.trimStart().replace(/^[*_`"'“„«(]+/, ''),
  )
}

/** Whether all brackets and quotation marks are opened and closed within a text. */
export function isBalanced(text: string): boolean {
  const count = (mark: RegExp): number => text.match(mark)?.length ?? 0
  const quotes = text.includes('„') || text.includes('”') === text.includes('“') ? 0 : 1
  return count(/[([（「]/g) === count(/[)\]）」]/g) && quotes === 0
}

const ENDS = /(?:[.!?…。！？؟।॥։;]|\p{P}["”’»)\]*_`]|[.!?。！？]\s*["”’»）」』])["”’»)\]}*_`」』）]*$/u
const UNSTOPPED = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}]\s*$/u

/** Whether a sentence is whole: it has its stop, or its script knows none. */
export function isFinished(sentence: string): boolean {
  const text = sentence.trimEnd()
  return (ENDS.test(text) && !/[ก-ฮ]\.$/.test(text)) || UNSTOPPED.test(text)
}

/** Words that are enough for the beginning of a section to be an answer. */
const ENOUGH_WORDS = 25
const MOST_SENTENCES = 4
const MOST_LEAD = 700

/** As many of the first sentences as make an answer, as one piece of the text; undefined when the first is too long. */
export function leadOf(text: string, sentences: readonly Span[]): Span | undefined {
  const first = sentences[0]
  if (!first) return undefined
  let end = first.end
  for (const sentence of sentences.slice(0, MOST_SENTENCES)) {
    if (sentence.end - first.start > MOST_LEAD) break
    end = sentence.end
    if (countWords(text.slice(first.start, end)) >= ENOUGH_WORDS) break
  }
  return end - first.start > MOST_LEAD ? undefined : {start: first.start, end}
}
