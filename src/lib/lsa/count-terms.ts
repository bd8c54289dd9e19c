import type {EmbedInput} from '../model/embedding.js'
import type {Analyser} from '../ports/analyser.js'

/** Longer terms (base64, minified text) are one of a kind and would only swell the dictionary. */
export const MAX_TERM_LENGTH = 255

/** The language to analyse by when an input names none and its text does not tell. */
const FALLBACK_LANGUAGE = 'en'

/**
 * The same inputs, each with its language (detected where it names none), once the analyser is ready for all of them.
 * The language of a query may be several, comma-separated.
 */
export async function withLanguages(
  analyser: Analyser,
  inputs: readonly EmbedInput[],
): Promise<readonly EmbedInput[]> {
  const named = inputs.map((input) =>
    languagesOf(input).length > 0
      ? input
      : {...input, language: analyser.detect(input.text, FALLBACK_LANGUAGE)},
  )
  await analyser.prepare([...new Set(named.flatMap(languagesOf))])
  return named
}

const languagesOf = (input: EmbedInput): string[] =>
  (input.language ?? '').split(',').filter((tag) => tag !== '')

/**
 * How often each term occurs in a chunk: every occurrence in the text, and one more for each distinct term of its title
 * and heading path. In order of first appearance. The input has gone through `withLanguages`.
 */
export function passageCounts(analyser: Analyser, input: EmbedInput): Map<string, number> {
  const language = languagesOf(input)[0] ?? FALLBACK_LANGUAGE
  const counts = new Map<string, number>()
  const above = [input.title ?? '', ...(input.heading ?? [])].filter((part) => part !== '').join('\n')
  if (above !== '') for (const term of analyser.terms(above, language)) counts.set(term, 1)
  for (const term of analyser.terms(input.text, language)) counts.set(term, (counts.get(term) ?? 0) + 1)
  return withoutLong(counts)
}

/**
 * The distinct terms of a query, each counted once. `language` may name several, comma-separated, most frequent first: the
 * languages of the corpus. The input has gone through `withLanguages`.
 */
export function queryCounts(analyser: Analyser, input: EmbedInput): Map<string, number> {
  const {terms} = analyser.queryTerms(input.text, languagesOf(input))
  return withoutLong(new Map(terms.map((term) => [term, 1])))
}

function withoutLong(counts: Map<string, number>): Map<string, number> {
  for (const term of counts.keys()) if (term.length > MAX_TERM_LENGTH) counts.delete(term)
  return counts
}

/** Damped frequency: the second occurrence of a term says less than the first. */
export const logFrequency = (count: number): number => 1 + Math.log(count)

/** The terms of a run of inputs, by numbers that hold within the run only. */
export interface CountedBatch {
  readonly terms: readonly string[]
  /** Entries of input i are `starts[i] … starts[i+1]`. */
  readonly starts: Uint32Array
  /** Index into `terms`. */
  readonly ids: Uint32Array
  /** `logFrequency` of the count. */
  readonly frequencies: Float32Array
}

/** Analyses a run of chunks for learning. */
export function countBatch(analyser: Analyser, inputs: readonly EmbedInput[]): CountedBatch {
  const known = new Map<string, number>()
  const ids: number[] = []
  const frequencies: number[] = []
  const starts = new Uint32Array(inputs.length + 1)
  inputs.forEach((input, i) => {
    for (const [term, count] of passageCounts(analyser, input)) {
      let id = known.get(term)
      if (id === undefined) known.set(term, (id = known.size))
      ids.push(id)
      frequencies.push(logFrequency(count))
    }
    starts[i + 1] = ids.length
  })
  return {
    terms: [...known.keys()],
    starts,
    ids: Uint32Array.from(ids),
    frequencies: Float32Array.from(frequencies),
  }
}
