import {foldLetters} from './fold-letters.js'

/** How an apostrophe inside a word is read. */
export type ApostropheRule =
  /** `dog's` is `dog`; any other apostrophe is left out (`don't` → `dont`). */
  | 'possessive'
  /** `l'eau` is `eau`, `dell'arte` is `arte`. */
  | 'elision'
  /** `Ankara'da` is `Ankara`: what follows are endings. */
  | 'suffix'

/** What the analyser knows of one language. */
export interface LanguageRules {
  /** BCP 47 primary tag. */
  readonly language: string
  /** Lower-case; also without diacritics where `folds`. */
  readonly stopWords: ReadonlySet<string>
  /** A lower-case word to its stem. */
  readonly stem: (word: string) => string
  /** Whether diacritics may be left out without making another word. */
  readonly folds: boolean
  readonly apostrophe: ApostropheRule
  /** Whether `I` is the capital of `ı` and `İ` that of `i`. */
  readonly turkic: boolean
  /** Latin words are analysed by the English rules: the language is written in another script. */
  readonly foreignLatin: boolean
}

/** The languages whose readers do not take `ö` for `o`, `ı` for `i` or `ạ` for `a`. */
const UNFOLDED = new Set(['tr', 'az', 'vi', 'sv', 'da', 'no', 'nb', 'nn', 'fi', 'et', 'hi', 'ne', 'sa', 'ta'])
const ELIDING = new Set(['fr', 'it', 'ca', 'ga'])
const TURKIC = new Set(['tr', 'az'])
const OTHER_SCRIPTS = new Set(
  'ar bg el hi hy ja ko lo mk ne ru ta th uk zh be fa he ka km mr my ur bn te kn ml pa gu si am kk mn'.split(
    ' ',
  ),
)

/** Rules made of a stop-word list and a stemmer; both may be missing. */
export function makeRules(
  language: string,
  stopWords: readonly string[] = [],
  stem: (word: string) => string = (word) => word,
): LanguageRules {
  const folds = !UNFOLDED.has(language)
  return {
    language,
    stopWords: new Set(folds ? [...stopWords, ...stopWords.map(foldLetters)] : stopWords),
    stem,
    folds,
    apostrophe: ELIDING.has(language) ? 'elision' : TURKIC.has(language) ? 'suffix' : 'possessive',
    turkic: TURKIC.has(language),
    foreignLatin: OTHER_SCRIPTS.has(language),
  }
}
