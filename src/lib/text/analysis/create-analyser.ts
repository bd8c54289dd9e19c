import {languageNotLoaded} from '../../model/errors/program/text.js'
import type {AnalysedWord, Analyser} from '../../ports/analyser.js'
import {detectLanguage} from './detect-language.js'
import type {LanguageRules} from './language-rules.js'
import {loadRules} from './load-rules.js'
import {queryTerms} from './query-terms.js'
import {scanWords} from './scan-words.js'
import {runTerms} from './unspaced-runs.js'
import {WordTermCache} from './word-term-cache.js'

/** Raised whenever the terms of any text change, also by a new version of the stemmers or stop words. */
export const ANALYSIS_FINGERPRINT = 'analysis-1'

/** Analyses Latin words in texts of other scripts, so it is always loaded. */
const ENGLISH = 'en'

/** Called with each term in order with the place of its word; the terms of one word share the place. */
type TermVisitor = (terms: readonly string[], start: number, end: number) => void

/**
 * The analyser of the library. Knows no language until `prepare` has been awaited; the others are loaded when first
 * asked for, since a search in an English corpus should not pay for thirty stemmers.
 */
export function createAnalyser(): Analyser {
  const caches = new Map<string, WordTermCache>()
  let english: Promise<LanguageRules> | undefined

  function cacheOf(language: string): WordTermCache {
    const cache = caches.get(language)
    if (cache !== undefined) return cache
    throw languageNotLoaded(language)
  }

  async function load(language: string): Promise<void> {
    english ??= loadRules(ENGLISH)
    const cache = new WordTermCache(await loadRules(language), await english)
    if (!caches.has(language)) caches.set(language, cache)
  }

  return {
    fingerprint: ANALYSIS_FINGERPRINT,
    async prepare(languages) {
      await Promise.all(languages.filter((language) => !caches.has(language)).map(load))
    },
    detect: detectLanguage,
    terms(text, language) {
      const found: string[] = []
      eachWord(text, cacheOf(language), (terms) => {
        for (const term of terms) found.push(term)
      })
      return found
    },
    words(text, language) {
      const found: AnalysedWord[] = []
      eachWord(text, cacheOf(language), (terms, start, end) => found.push({start, end, terms}))
      return found
    },
    queryTerms: (query, languages, maxTerms) => queryTerms(query, {languages, cacheOf}, maxTerms),
  }
}

function eachWord(text: string, cache: WordTermCache, visit: TermVisitor): void {
  scanWords(text, (start, end, unspaced) => {
    const word = text.slice(start, end)
    if (unspaced) {
      runTerms(word, true, (term, from, to) => {
        if (!cache.rules.stopWords.has(term)) visit([term], start + from, start + to)
      })
      return
    }
    const terms = cache.termsOf(word)
    if (terms.length > 0) visit(terms, start, end)
  })
}
