import type {LanguageRules} from './language-rules.js'
import {makeRules} from './language-rules.js'

interface Stemmer {
  readonly stemmer: (word: string) => string
}
interface StopWords {
  readonly stopwords: readonly string[]
}
type Loader = () => Promise<LanguageRules>

/**
 * One loader a language, with its module names written out so that a bundler can see them. A cold search in an English
 * corpus evaluates two small modules instead of sixty.
 */
const LOADERS: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['ar', () => load('ar', import('@orama/stopwords/arabic'), import('@orama/stemmers/arabic'))],
  ['hy', () => load('hy', import('@orama/stopwords/armenian'), import('@orama/stemmers/armenian'))],
  ['bg', () => load('bg', import('@orama/stopwords/bulgarian'), import('@orama/stemmers/bulgarian'))],
  ['da', () => load('da', import('@orama/stopwords/danish'), import('@orama/stemmers/danish'))],
  ['nl', () => load('nl', import('@orama/stopwords/dutch'), import('@orama/stemmers/dutch'))],
  ['en', () => load('en', import('@orama/stopwords/english'), import('@orama/stemmers/english'))],
  ['fi', () => load('fi', import('@orama/stopwords/finnish'), import('@orama/stemmers/finnish'))],
  ['fr', () => load('fr', import('@orama/stopwords/french'), import('@orama/stemmers/french'))],
  ['de', () => load('de', import('@orama/stopwords/german'), import('@orama/stemmers/german'))],
  ['el', () => load('el', import('@orama/stopwords/greek'), import('@orama/stemmers/greek'))],
  ['hu', () => load('hu', import('@orama/stopwords/hungarian'), import('@orama/stemmers/hungarian'))],
  ['hi', () => load('hi', import('@orama/stopwords/indian'), import('@orama/stemmers/indian'))],
  ['id', () => load('id', import('@orama/stopwords/indonesian'), import('@orama/stemmers/indonesian'))],
  ['ga', () => load('ga', import('@orama/stopwords/irish'), import('@orama/stemmers/irish'))],
  ['it', () => load('it', import('@orama/stopwords/italian'), import('@orama/stemmers/italian'))],
  ['lt', () => load('lt', import('@orama/stopwords/lithuanian'), import('@orama/stemmers/lithuanian'))],
  ['ne', () => load('ne', import('@orama/stopwords/nepali'), import('@orama/stemmers/nepali'))],
  ['no', () => load('no', import('@orama/stopwords/norwegian'), import('@orama/stemmers/norwegian'))],
  ['pt', () => load('pt', import('@orama/stopwords/portuguese'), import('@orama/stemmers/portuguese'))],
  ['ro', () => load('ro', import('@orama/stopwords/romanian'), import('@orama/stemmers/romanian'))],
  ['ru', () => load('ru', import('@orama/stopwords/russian'), import('@orama/stemmers/russian'))],
  ['sr', () => load('sr', import('@orama/stopwords/serbian'), import('@orama/stemmers/serbian'))],
  ['es', () => load('es', import('@orama/stopwords/spanish'), import('@orama/stemmers/spanish'))],
  ['sv', () => load('sv', import('@orama/stopwords/swedish'), import('@orama/stemmers/swedish'))],
  ['ta', () => load('ta', import('@orama/stopwords/tamil'), import('@orama/stemmers/tamil'))],
  ['tr', () => load('tr', import('@orama/stopwords/turkish'), import('@orama/stemmers/turkish'))],
  ['uk', () => load('uk', import('@orama/stopwords/ukrainian'), import('@orama/stemmers/ukrainian'))],
  ['ja', () => load('ja', import('@orama/stopwords/japanese'))],
  ['zh', () => load('zh', import('@orama/stopwords/mandarin'))],
])

/** Whether a language has stop words or a stemmer here. */
export function hasRules(language: string): boolean {
  return LOADERS.has(language)
}

/** Words without meaning of their own that the package's lists lack. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  en: ['a'],
  fr: ['a'],
  ro: ['a', 'o', 'și', 'si'],
}

/** Loads the stop words and the stemmer of a language; a language without either gets rules that leave words whole. */
export async function loadRules(language: string): Promise<LanguageRules> {
  return (await LOADERS.get(language)?.()) ?? makeRules(language)
}

async function load(
  language: string,
  stopWords: Promise<StopWords>,
  stemmer?: Promise<Stemmer>,
): Promise<LanguageRules> {
  const [words, stems] = await Promise.all([stopWords, stemmer])
  return makeRules(language, [...words.stopwords, ...(LEFT_OUT[language] ?? [])], stems?.stemmer)
}
