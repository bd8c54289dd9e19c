import type {QueryTerms} from '../../ports/analyser.js'
import {detectAmong} from './detect-language.js'
import {scanWords} from './scan-words.js'
import {runTerms} from './unspaced-runs.js'
import type {WordTermCache} from './word-term-cache.js'

const DEFAULT_MAX_TERMS = 64
/** Code units of a query that are looked at: about 3,000 words, far beyond any `maxTerms` in use. */
const MAX_QUERY_LENGTH = 20_000

/** What `queryTerms` is given: the languages of the corpus, most frequent first, and the analysis of each. */
export interface QueryLanguages {
  readonly languages: readonly string[]
  readonly cacheOf: (language: string) => WordTermCache
}

/**
 * The distinct terms of a query by the rules of each language of a corpus. When the query's own language can be told,
 * its stop words are looked for in no language: `was ist das` does not find the English `was`.
 */
export function queryTerms(
  query: string,
  {languages, cacheOf}: QueryLanguages,
  maxTerms = DEFAULT_MAX_TERMS,
): QueryTerms {
  const sample = query.slice(0, MAX_QUERY_LENGTH)
  const own = languages.length > 1 ? detectAmong(sample, languages) : languages[0]
  const ownCache = own === undefined ? undefined : cacheOf(own)
  const caches = languages.map(cacheOf)
  const terms = new Set<string>()
  const add = (term: string): void => {
    if (terms.size < maxTerms) terms.add(term)
  }
  scanWords(sample, (start, end, unspaced) => {
    if (terms.size >= maxTerms) return
    const word = sample.slice(start, end)
    if (unspaced) {
      runTerms(word, false, (term) => {
        if (ownCache?.rules.stopWords.has(term) !== true) add(term)
      })
    } else if (ownCache === undefined || ownCache.termsOf(word).length > 0) {
      for (const cache of caches) cache.termsOf(word).forEach(add)
    }
  })
  return {terms: [...terms], language: own ?? languages[0] ?? ''}
}
