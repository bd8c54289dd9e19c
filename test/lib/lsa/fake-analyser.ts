import type {Analyser} from '../../../src/lib/ports/analyser.js'

/** Lower-case runs of letters and digits; the language plays no part. */
export function fakeAnalyser(fingerprint = 'fake-1'): Analyser {
  const terms = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return {
    fingerprint,
    prepare: async () => undefined,
    detect: (_text, fallback) => fallback,
    terms,
    queryTerms: (query, languages) => ({terms: [...new Set(terms(query))], language: languages[0] ?? 'en'}),
    words: () => [],
  }
}
