/**
 * Turns text into terms, the same way for the keyword index, the LSA embedder and snippets. Pure and deterministic:
 * equal text and language give equal terms, on every machine.
 */
export interface Analyser {
  /** Changes whenever the terms of any text change. Part of what a corpus was built with. */
  readonly fingerprint: string

  /**
   * Loads the rules of these languages; must have been awaited before `terms`, `words` and `queryTerms` are called with
   * them (they throw `INTERNAL` otherwise). Costs nothing for languages loaded before. A language without rules is no
   * error: its words are left whole, without stop words and stems.
   */
  prepare(languages: readonly string[]): Promise<void>

  /**
   * The language of a text as a BCP 47 primary tag (`en`, `de`, `zh`, …), or `fallback` when it can't be told.
   * Looks at no more than a few thousand characters.
   */
  detect(text: string, fallback: string): string

  /**
   * The terms of a text in order, repeats included: lower-case, folded, stemmed, stop words left out. A term never holds
   * white space or ASCII control characters or any of `" ' ( ) * : ^ + , { }`. Identifiers give the whole and its parts.
   */
  terms(text: string, language: string): string[]

  /**
   * The distinct terms to look for. For each language of the corpus the query's words are analysed by that language's
   * rules; `languages` is most frequent first. Bounded: at most `maxTerms` (default 64), the rest is passed over.
   */
  queryTerms(query: string, languages: readonly string[], maxTerms?: number): QueryTerms

  /** The words of a text with their terms and places (character offsets), in order; for marking matches. */
  words(text: string, language: string): Iterable<AnalysedWord>
}

export interface QueryTerms {
  /** Distinct terms, in order of first appearance. Empty when the query holds only stop words or punctuation. */
  readonly terms: readonly string[]
  /** The language the query itself was taken to be in. */
  readonly language: string
}

export interface AnalysedWord {
  readonly start: number
  readonly end: number
  readonly terms: readonly string[]
}
