import {
  BURMESE,
  HALF_WIDTH_KANA,
  HAN_EXTENSION_A,
  HANGUL_JAMO,
  HIGH_SURROGATES,
  isIn,
  KHMER,
  LAO,
  LATIN_EXTENDED_ADDITIONAL,
  LOW_SURROGATES,
  THAI,
  type CodePoints,
} from './code-points.js'

/** What a UTF-16 code unit counts in an estimate of tokens, and where text may be cut at it. */
export const TokenClass = {
  /** JavaScript's own white space (what `trim` takes off), so that line numbers agree with `trim`. */
  SPACE: 0,
  LATIN: 1,
  DIGIT: 2,
  /** Letters and marks of all other alphabets. */
  LETTER: 3,
  /** About a word of its own: ideographs, kana, Hangul, Thai and the other scripts written without spaces. */
  WIDE: 4,
  /** Punctuation, symbols, controls, private use, first halves of surrogate pairs. */
  SYMBOL: 5,
  LOW_SURROGATE: 6,
} as const

/** What a character is in a word. Values from `LETTER` to `SOUTH_EAST_ASIAN` make up words. */
export const WordClass = {
  /** Space, punctuation, symbols, controls, lone surrogates: ends a word. */
  OTHER: 0,
  LETTER: 1,
  DIGIT: 2,
  UNDERSCORE: 3,
  /** A combining mark: goes on with a word, never begins one. */
  MARK: 4,
  /** A character of Chinese, Japanese or Korean writing, which is cut into pairs. */
  EAST_ASIAN: 5,
  /** A character or mark of Thai, Lao, Khmer or Burmese writing, which has no spaces between words either. */
  SOUTH_EAST_ASIAN: 6,
  /** Invisible: soft hyphen, joiners, bidi controls, variation selectors. Passed over inside words. */
  IGNORABLE: 7,
  APOSTROPHE: 8,
} as const

/** Bits of an entry of `CHARACTERS` that hold the token class. */
export const TOKEN_CLASS = 0b0111
/** Bit of an entry that is set where a sentence may end (at a line feed too: a list may begin after it). */
export const SENTENCE_STOP = 0b1000
/** The upper four bits of an entry hold the word class; this value, that no text has asked for it yet. */
const WORD_CLASS_SHIFT = 4
const UNKNOWN = 15

const STOPS = '\n.!?;…؟۔।॥։።፧၊။។៕。！？｡．'

const SPACES: readonly CodePoints[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]

const LATIN: readonly CodePoints[] = [
  [0x41, 0x5a],
  [0x61, 0x7a],
  [0xaa, 0xaa],
  [0xb5, 0xb5],
  [0xba, 0xba],
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x36f],
  LATIN_EXTENDED_ADDITIONAL,
]

const WIDE: readonly CodePoints[] = [
  THAI,
  LAO,
  BURMESE,
  HANGUL_JAMO,
  KHMER,
  [0x3041, 0x312f],
  [0x3131, 0x318e],
  [0x31a0, 0x31ff],
  HAN_EXTENSION_A,
  [0x4e00, 0xa4cf],
  [0xac00, 0xd7ff],
  [0xf900, 0xfaff],
  HALF_WIDTH_KANA,
]

const SYMBOLS: readonly CodePoints[] = [
  [0x00, 0x08],
  [0x0e, 0x1f],
  [0x21, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0x9f],
  [0xa1, 0xa9],
  [0xab, 0xb4],
  [0xb6, 0xb9],
  [0xbb, 0xbf],
  [0xd7, 0xd7],
  [0xf7, 0xf7],
  [0x0589, 0x058a],
  [0x060c, 0x060d],
  [0x061b, 0x061f],
  [0x066a, 0x066d],
  [0x06d4, 0x06d4],
  [0x0964, 0x0965],
  [0x200b, 0x2027],
  [0x202a, 0x202e],
  [0x2030, 0x205e],
  [0x2060, 0x206f],
  [0x20a0, 0x2bff],
  [0x2e00, 0x2fff],
  [0x3001, 0x303f],
  HIGH_SURROGATES,
  [0xe000, 0xf8ff],
  [0xfe10, 0xfe1f],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff0f],
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
  [0xffe0, 0xffff],
]

const IGNORABLE =
  /[\u00ad\u034f\u061c\u0640\u180b-\u180e\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u{e0000}-\u{e0fff}]/u
const EAST_ASIAN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u30fc\uff70\uff9e\uff9f]/u
const SOUTH_EAST_ASIAN = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const APOSTROPHE = /[’ʼ＇]/
const WORD = /[\p{L}\p{N}\p{M}]/u
/** `½` after a whole number would read as another number once decomposed (`6½`, `61⁄2`), so it is left out. */
const FRACTION = /[\u00bc-\u00be\u2150-\u215f\u2189]/u

/**
 * One byte for every UTF-16 code unit: its token class, whether a sentence may end at it, and its word class. One look-up a
 * character keeps the scanners fast in every script. Word classes take a few regular expressions each, so they are filled in as
 * texts need them; those of ASCII are there from the beginning.
 */
export const CHARACTERS: Uint8Array = buildTable()

function buildTable(): Uint8Array {
  const table = new Uint8Array(0x10000)
  const paint = (ranges: readonly CodePoints[], tokenClass: number): void => {
    for (const [first, last] of ranges)
      table.fill(tokenClass | (UNKNOWN << WORD_CLASS_SHIFT), first, last + 1)
  }
  paint([[0, 0xffff]], TokenClass.LETTER)
  paint(LATIN, TokenClass.LATIN)
  paint([[0x30, 0x39]], TokenClass.DIGIT)
  paint(WIDE, TokenClass.WIDE)
  paint(SYMBOLS, TokenClass.SYMBOL)
  paint(SPACES, TokenClass.SPACE)
  paint([LOW_SURROGATES], TokenClass.LOW_SURROGATE)
  for (const stop of STOPS) table[stop.charCodeAt(0)]! |= SENTENCE_STOP
  for (let code = 0; code < 128; code++) setWordClass(table, code, asciiWordClass(code, table[code]!))
  return table
}

function setWordClass(table: Uint8Array, code: number, wordClass: number): void {
  table[code] = (table[code]! & (TOKEN_CLASS | SENTENCE_STOP)) | (wordClass << WORD_CLASS_SHIFT)
}

/** Without a regular expression, whose compilation a search of ASCII text need not pay for. */
function asciiWordClass(code: number, entry: number): number {
  if (code === 0x5f) return WordClass.UNDERSCORE
  if (code === 0x27) return WordClass.APOSTROPHE
  const tokenClass = entry & TOKEN_CLASS
  if (tokenClass === TokenClass.LATIN) return WordClass.LETTER
  return tokenClass === TokenClass.DIGIT ? WordClass.DIGIT : WordClass.OTHER
}

/** Token class of the code unit at `at`, which must lie inside the text. */
export function tokenClassAt(text: string, at: number): number {
  return CHARACTERS[text.charCodeAt(at)]! & TOKEN_CLASS
}

/** First place in `[from, end)` that is no white space, or `end`. */
export function skipSpace(text: string, from: number, end: number): number {
  let at = from
  while (at < end && tokenClassAt(text, at) === TokenClass.SPACE) at++
  return at
}

/** Word class of the character at `at`; of a surrogate pair, `at` is the place of the first half. `OTHER` behind the end. */
export function wordClassAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code < 128) return CHARACTERS[code]! >> WORD_CLASS_SHIFT
  if (isIn(code, HIGH_SURROGATES)) return wordClassOf(text.codePointAt(at)!)
  return code === code ? wordClassOf(code) : WordClass.OTHER
}

/** Word classes of characters beyond the table. */
const beyond = new Map<number, number>()

/** Word class of a character by its code point. */
export function wordClassOf(codePoint: number): number {
  if (codePoint >= CHARACTERS.length) {
    const known = beyond.get(codePoint) ?? classify(codePoint)
    beyond.set(codePoint, known)
    return known
  }
  const known = CHARACTERS[codePoint]! >> WORD_CLASS_SHIFT
  if (known !== UNKNOWN) return known
  const found = classify(codePoint)
  setWordClass(CHARACTERS, codePoint, found)
  return found
}

function classify(codePoint: number): number {
  if (isIn(codePoint, HIGH_SURROGATES) || isIn(codePoint, LOW_SURROGATES)) return WordClass.OTHER
  const character = String.fromCodePoint(codePoint)
  if (APOSTROPHE.test(character)) return WordClass.APOSTROPHE
  if (IGNORABLE.test(character)) return WordClass.IGNORABLE
  if (!WORD.test(character) || FRACTION.test(character)) return WordClass.OTHER
  if (EAST_ASIAN.test(character)) return WordClass.EAST_ASIAN
  if (/\p{Nd}/u.test(character)) return WordClass.DIGIT
  if (SOUTH_EAST_ASIAN.test(character)) return WordClass.SOUTH_EAST_ASIAN
  return /\p{M}/u.test(character) ? WordClass.MARK : WordClass.LETTER
}
