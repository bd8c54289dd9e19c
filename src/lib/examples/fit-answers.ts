import type {Span} from './draft.js'
import {countWords, plain, shareOfLetters} from './text-measures.js'

/** No example is made of an answer with fewer words. */
export const LEAST_WORDS = 4
const MOST_CHARACTERS = 1500
const LEAST_LETTERS = 0.6

/** What is left of a page's furniture: markup, templates, references to nothing. */
const FURNITURE =
  /^--?\w|```|~~~|\{\{|\{%|<[a-z/!][^>]*>|^\s*\.\. |!\[|\bhttps?:\/\/\S+\s*$|^https?:|\[\^|\|.*\|/im
/** Of code: what is filled in by the program that shows the page. */
const TEMPLATE = /\{\{[#>/]|^\s*<\/?[A-Z][^>]*>\s*$|^:\s*$/m
const LINK = /\[[^\][]{1,300}\](?:\([^()\s]{0,500}\)|\[[^\][]{0,100}\])/g

/** Whether a text can be an answer: long enough to say something, short enough to be one, and prose. */
export function isAnswer(text: string, options: {readonly withCode?: boolean} = {}): boolean {
  if (text.length > MOST_CHARACTERS || countWords(plain(text)) < LEAST_WORDS) return false
  if (options.withCode) return !TEMPLATE.test(text)
  if (FURNITURE.test(text) || shareOfLetters(plain(text)) < LEAST_LETTERS) return false
  return countWords(plain(text.replaceAll(LINK, ' '))) >= LEAST_WORDS
}

/** Speaks of the document's own parts, which nobody sees who sees only the passage. */
const OF_ITSELF =
  /\b(?:this|the (?:following|previous|next|last|above)|in (?:the|this)|following) (?:chapter|section|page|book|appendix|document|guide|tutorial|article|table|list|list of|figure|example|code|directory)s?\b|\b(?:chapter|listing|figure|table|section|appendix) [A-Z]?-?\d|\bthe following\b|\b(?:see|shown) (?:below|above)\b|(?:diese[smr]?|folgende[nrs]?|im) (?:kapitel|abschnitt|beispiel)/i

export const speaksOfItself = (text: string): boolean => OF_ITSELF.test(text.replaceAll(/\s+/g, ' '))

/** Words that point at something outside the sentence, by the languages that are most written. */
const POINTS_OUT =
  /^(?:this|that|these|those|it|its|they|he|she|his|her|their|such|however|but|and|or|also|so|then|thus|hence|here|there|in this|in that|for this|for example|for instance|as (?:you|we|shown|mentioned|a result)|if you|additionally|furthermore|moreover|similarly|instead|otherwise|therefore|in addition|alternatively|again|finally|next|now|once|note|see|let['’]s|we['’]ll|unfortunately|remember|recall|when you|after (?:you|this|that)|by default|die(?:s|se|ser|ses|sen)|das|es|sie|er|hier|dort|damit|dabei|daher|deshalb|außerdem|jedoch|aber|und|dann|ce|cette|ces|cela|il|elle|ils|elles|ici|mais|et|donc|cependant|ainsi|esto|este|esta|estos|estas|eso|ello|él|ella|aquí|pero|y|además|así|sin embargo|questo|questa|questi|queste|esso|essa|qui|ma|e|inoltre|isto|ela|ele|aqui|mas|além|assim|dit|deze|die|het|hij|zij|hier|maar|en|ook|dus|acest|această|acestea|aceștia|el|ea|aici|dar|și|astfel|bu|bunlar|şu|o|onlar|burada|ama|ve|ayrıca|này|đó|nó|họ|ở đây|nhưng|và|tuy nhiên|это|этот|эта|эти|он|она|оно|они|здесь|но|и|а|также|поэтому|однако|це|цей|ця|він|вона|вони|тут|але|та|тому|αυτό|αυτός|αυτή|αυτά|εδώ|αλλά|και|επίσης|هذا|هذه|ذلك|تلك|هو|هي|هنا|لكن|كما|ومع|यह|ये|वह|वे|इस|इन|उस|उन|यहाँ|लेकिन|और|परंतु|इसके)(?=[\s,:’'،]|$)/iu
const POINTS_OUT_UNSPACED =
  /^(?:这|那|它|他|她|此|该|其|但|而|并|因此|所以|然而|同时|这些|それ|これ|あれ|その|この|また|しかし|そして|だから|นี่|นั้น|มัน|เขา|พวกเขา|ซึ่ง|แต่|และ|นอกจากนี้|이|그|저|또한|그러나|하지만)/u

/** Whether a sentence needs what stands before it to be understood. */
export function pointsOut(sentence: string): boolean {
  const text = sentence.trimStart()
  return POINTS_OUT.test(text) || POINTS_OUT_UNSPACED.test(text)
}

/** Whether a text begins inside a sentence: with a small letter or a mark that closes or joins. */
export function isFragment(text: string): boolean {
  return /^[\p{Ll},.;:!?)\]}…%&]/u.test(text.trimStart().replace(/^[*_`"'“„«(]+/, ''))
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
