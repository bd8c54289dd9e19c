import type {Intent} from '../model/operations/answer.js'
import type {Analyser} from '../ports/analyser.js'

/** A question as it is answered. */
export interface Question {
  /** As it stands without the conversation. */
  readonly text: string
  readonly intent: Intent
  readonly language: string
  /** Analysed terms with what each tells: rare ones more than common ones. */
  readonly terms: readonly WeightedTerm[]
}

/** A word of a question, as the analyses of the corpus's languages have it. */
export interface WeightedTerm {
  readonly variants: readonly string[]
  readonly weight: number
}

/** A term that stands nowhere tells as much as a rare one. */
const LEAST_WEIGHT_OF_UNKNOWN = 5
/** Common terms still count a little; in few chunks, where nothing is rare, more. */
const LEAST_WEIGHT = 0.3
const LEAST_WEIGHT_OF_FEW = 1
const FEW_CHUNKS = 50
/** Words that say what is asked for rather than what it is about. */
const ASKS =
  /^(many|much|often|difference|differences|definition|define|mean|meaning|explain|list|steps?|viele?|unterschied|bedeutet|combien|différence|cuánt[oa]s|diferencia)$/i

/** The words of a question, each with its terms; words that tell nothing in its language are left out. */
export function wordsOfQuestion(
  analyser: Analyser,
  text: string,
  languages: readonly string[],
): {readonly words: readonly (readonly string[])[]; readonly language: string} {
  const {terms, language} = analyser.queryTerms(text, languages)
  const left = new Set(terms)
  const words: string[][] = []
  for (const word of text.slice(0, LONGEST).match(/[^\s,;:!?()]+/gu) ?? []) {
    const variants = analyser.queryTerms(word, languages).terms.filter((term) => left.delete(term))
    const isStopWord = languages.includes(language) && analyser.terms(word, language).length === 0
    if (variants.length > 0 && !isStopWord && !ASKS.test(word)) words.push(variants)
    if (isStopWord) for (const term of variants) left.delete(term)
  }
  return {words, language}
}

const LONGEST = 2000

/**
 * What each word of a question tells, from the score that the best chunk has for one of its terms alone (which is its inverse
 * frequency, times how well that chunk is about it); no score means that no chunk has it.
 */
export function weighTerms(
  words: readonly (readonly string[])[],
  {bestScores, chunks}: {readonly bestScores: ReadonlyMap<string, number>; readonly chunks: number},
): readonly WeightedTerm[] {
  const least = chunks < FEW_CHUNKS ? LEAST_WEIGHT_OF_FEW : LEAST_WEIGHT
  const rarest = Math.min(LEAST_WEIGHT_OF_UNKNOWN, 1.2 * Math.log(2 * chunks + 1))
  const most = Math.max(rarest, ...bestScores.values())
  return words.map((variants) => {
    const scores = variants.flatMap((term) => bestScores.get(term) ?? [])
    return {variants, weight: scores.length === 0 ? most : Math.max(least, ...scores)}
  })
}

/** The share of a question's weight that a set of terms covers, 0–1. */
export function coverage({terms}: Pick<Question, 'terms'>, has: ReadonlySet<string>): number {
  let all = 0
  let covered = 0
  for (const {variants, weight} of terms) {
    all += weight
    if (variants.some((term) => has.has(term))) covered += weight
  }
  return all === 0 ? 0 : covered / all
}
