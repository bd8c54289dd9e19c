import {WordClass, wordClassOf} from '../characters/character-class.js'
import {foldLetters, unifySpelling} from './fold-letters.js'
import {identifierParts} from './identifier-parts.js'
import type {LanguageRules} from './language-rules.js'
import {fitTerm} from './term-alphabet.js'

/** A longer run of letters is no word: only its beginning is looked at. */
const MAX_WORD_LENGTH = 256

/** Single letters and digits inside identifiers say nothing (nDCG@10 of claims and encyclopaedia did not gain). */
const LEAST_PART = 2

/** `quell'` and `lorsqu'`. */
const LONGEST_ELISION = 6

const BEYOND_ASCII = /[^\0-\x7f]/
/** A word and no identifier: small letters, perhaps after a capital, or capitals only. */
const PLAIN = /^(?:[A-Za-z][a-z]*|[A-Z]+)$/
/** The digit 0 of the scripts whose readers write their own digits. */
const ZEROS = [
  0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x1040,
  0x17e0,
]
const APOSTROPHES = /['’ʼ＇]/
const ALL_APOSTROPHES = /['’ʼ＇]/g
const POSSESSIVE = /['’ʼ＇]s$/i
const LATIN = /^[\p{Script=Latin}\d_.#+',’ʼ＇]+$/u
const NUMBER = /^[\d,.]+$/

/** The terms of one word as found by `scanWords`, in the order whole word, then parts. Empty for a stop word. */
export function wordTerms(raw: string, rules: LanguageRules, english: LanguageRules): readonly string[] {
  const word = raw.length > MAX_WORD_LENGTH ? raw.slice(0, MAX_WORD_LENGTH) : raw
  if (PLAIN.test(word)) return plainTerms(word, rules.foreignLatin ? english : rules)
  const terms: string[] = []
  for (const piece of BEYOND_ASCII.test(word) ? composed(word) : [word]) {
    addTerms(terms, piece, rules.foreignLatin && LATIN.test(piece) ? english : rules)
  }
  return terms
}

function plainTerms(word: string, rules: LanguageRules): readonly string[] {
  const small = lower(word, rules)
  return rules.stopWords.has(small) ? [] : [finish(small, rules)]
}

/**
 * NFKC, without the characters nobody sees. Some characters decompose to several words (`ﷺ`), so the result is cut
 * wherever a character that ends a word turns up.
 */
function composed(word: string): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const character of word.normalize('NFKC')) {
    const kind = wordClassOf(character.codePointAt(0) as number)
    if (kind === WordClass.IGNORABLE) continue
    if (kind === WordClass.DIGIT) {
      piece += asciiDigit(character)
      continue
    }
    // A full stop that the decomposition made (`⒈`) ends a piece; one that the scanner let through belongs to it.
    if (kind !== WordClass.OTHER || word.includes(character)) piece += character
    else if (piece !== '') {
      pieces.push(piece)
      piece = ''
    }
  }
  if (piece !== '') pieces.push(piece)
  return pieces
}

/** `٣`, `३` and `๓` are found by `3`. */
function asciiDigit(character: string): string {
  const code = character.codePointAt(0) as number
  const zero = ZEROS.find((first) => code >= first && code <= first + 9)
  return zero === undefined ? character : String(code - zero)
}

function addTerms(terms: string[], piece: string, rules: LanguageRules): void {
  if (NUMBER.test(piece)) {
    terms.push(fitTerm(piece.replaceAll(',', '')))
    return
  }
  if (isStopWord(lower(piece, rules).replaceAll('’', "'"), rules)) return
  const word = APOSTROPHES.test(piece) ? withoutApostrophe(piece, rules) : piece
  if (word === '') return
  const parts = identifierParts(word)
  const splits = parts[0] !== word
  const whole = parts.length === 0 ? '' : wholeTerm(word, rules, splits)
  if (whole !== '') terms.push(whole)
  if (splits) addParts(terms, parts, rules)
}

/** `C++` becomes `cpp`, since `+` is no character of a term. */
function wholeTerm(word: string, rules: LanguageRules, splits: boolean): string {
  const small = lower(word.replace('++', 'pp').replaceAll(',', ''), rules)
  if (!splits && isStopWord(small, rules)) return ''
  return finish(small, rules)
}

function addParts(terms: string[], parts: readonly string[], rules: LanguageRules): void {
  for (const part of parts) {
    const small = lower(part, rules)
    if (small.length < LEAST_PART || rules.stopWords.has(small)) continue
    const term = finish(small, rules)
    if (term !== '') terms.push(term)
  }
}

function withoutApostrophe(word: string, rules: LanguageRules): string {
  const at = word.search(APOSTROPHES)
  if (rules.apostrophe === 'suffix') return word.slice(0, at)
  if (rules.apostrophe === 'elision' && at <= LONGEST_ELISION) return withoutPossessive(word.slice(at + 1))
  return withoutPossessive(word)
}

function withoutPossessive(word: string): string {
  return word.replace(POSSESSIVE, '').replace(ALL_APOSTROPHES, '')
}

/** Lists for scripts other than Latin leave the accents out, or write `е` for `ё`. */
function isStopWord(small: string, rules: LanguageRules): boolean {
  return (
    rules.stopWords.has(small) ||
    (rules.foreignLatin && rules.folds && rules.stopWords.has(foldLetters(small)))
  )
}

function lower(word: string, rules: LanguageRules): string {
  const small = rules.turkic
    ? word.replaceAll('İ', 'i').replaceAll('I', 'ı').toLowerCase()
    : word.toLowerCase()
  return unifySpelling(small)
}

function finish(small: string, rules: LanguageRules): string {
  const stem = rules.stem(small) || small
  if (rules.folds) return fitTerm(foldLetters(stem))
  // Stems need the right letter; after that, `AI` in a Turkish text must still be found by `ai`.
  return fitTerm(rules.turkic ? stem.replaceAll('ı', 'i') : stem)
}
