import type {Intent} from '../model/answer.js'

/** A question as it is answered. */
export interface Question {
  /** As it stands without the conversation. */
  readonly text: string
  readonly intent: Intent
  readonly language: string
  /** Analysed terms with what each tells: rare ones more than common ones. */
  readonly terms: readonly WeightedTerm[]
}

export interface WeightedTerm {
  readonly term: string
  readonly weight: number
  /** Stands in some chunk of the corpus. */
  readonly known: boolean
}

/** A term that stands nowhere tells as much as a rare one. */
const LEAST_WEIGHT_OF_UNKNOWN = 5
/** Common terms still count a little. */
const LEAST_WEIGHT = 0.3

/**
 * What each term of a question tells, from the score that its best chunk has for it alone (which is its inverse frequency, times how well
 * that chunk is about it); no score means that no chunk has it.
 */
export function weighTerms(
  terms: readonly string[],
  bestScores: readonly (number | undefined)[],
): readonly WeightedTerm[] {
  const most = Math.max(LEAST_WEIGHT_OF_UNKNOWN, ...bestScores.map((score) => score ?? 0))
  return terms.map((term, i) => {
    const score = bestScores[i]
    if (score === undefined) return {term, weight: most, known: false}
    return {term, weight: Math.max(LEAST_WEIGHT, score), known: true}
  })
}

/** The share of a question's weight that a set of terms covers, 0–1. */
export function coverage(question: Pick<Question, 'terms'>, has: ReadonlySet<string>): number {
  let all = 0
  let covered = 0
  for (const {term, weight} of question.terms) {
    all += weight
    if (has.has(term)) covered += weight
  }
  return all === 0 ? 0 : covered / all
}
