/** Letters that have no decomposition but are typed without their stroke, or as two letters. */
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  þ: 'th',
  ŧ: 't',
}
const SPELLED_LETTER = /[ßæœøđðħıłŋþŧ]/g

/** Marks above and below Latin and Greek letters once decomposed. */
const MARKS = /[\u0300-\u036f]+/g
/** A Cyrillic letter keeps its breve and diaeresis (`й`, `ї` are letters of their own), only `ё` is written `е` too. */
const CYRILLIC = /[\u0400-\u052f]/
const ARABIC_SIGNS = /[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]+/g
const BEYOND_ASCII = /[^\0-\x7f]/

/** A lower-case word without the marks that its readers leave out when they type: `café` → `cafe`, `άμυνας` → `αμυνασ`. */
export function foldLetters(word: string): string {
  if (!BEYOND_ASCII.test(word)) return word
  if (CYRILLIC.test(word)) return word.replaceAll('ё', 'е')
  const bare = word.normalize('NFD').replace(MARKS, '').normalize('NFC')
  return bare.replace(SPELLED_LETTER, (letter) => SPELLED[letter] as string).replaceAll('ς', 'σ')
}

/** One spelling for what is drawn alike in every language: no stray marks, no Arabic vowel signs, `ß` as `ss`. */
export function unifySpelling(word: string): string {
  if (!BEYOND_ASCII.test(word)) return word
  return word.replace(MARKS, '').replace(ARABIC_SIGNS, '').replaceAll('ß', 'ss')
}
