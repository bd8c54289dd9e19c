/** What a character is to the scanner. Values from `LETTER` to `MARK` make up words. */
export const CharacterClass = {
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
  /** Seen by nobody: soft hyphen, joiners, bidi controls, variation selectors. Passed over inside words. */
  IGNORABLE: 7,
  APOSTROPHE: 8,
} as const

const PAGE_BITS = 8
const PAGE_SIZE = 1 << PAGE_BITS

const IGNORABLE =
  /[\u00ad\u034f\u061c\u0640\u180b-\u180e\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u{e0000}-\u{e0fff}]/u
const EAST_ASIAN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u30fc\uff70\uff9e\uff9f]/u
const SOUTH_EAST_ASIAN = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const APOSTROPHE = /[’ʼ＇]/
const WORD = /[\p{L}\p{N}\p{M}]/u
/** `½` after a whole number would read as another number once decomposed (`6½`, `61⁄2`), so it is left out. */
const FRACTION = /[\u00bc-\u00be\u2150-\u215f\u2189]/u

/** What a page holds where no text has asked yet. */
const UNKNOWN = 255

/** Filled character by character as texts need them: classifying takes a few regular expressions. */
const pages = new Map<number, Uint8Array>()

/** The class of a character by its code point. */
export function classOf(codePoint: number): number {
  const pageNumber = codePoint >> PAGE_BITS
  let page = pages.get(pageNumber)
  if (page === undefined) {
    page = new Uint8Array(PAGE_SIZE).fill(UNKNOWN)
    pages.set(pageNumber, page)
  }
  const known = page[codePoint & (PAGE_SIZE - 1)] as number
  if (known !== UNKNOWN) return known
  const found = codePoint < 128 ? (ASCII_CLASS[codePoint] as number) : classify(codePoint)
  page[codePoint & (PAGE_SIZE - 1)] = found
  return found
}

/** Classes of the ASCII characters, for loops that must be fast. */
export const ASCII_CLASS: Uint8Array = asciiClasses()

function asciiClasses(): Uint8Array {
  const classes = new Uint8Array(128)
  classes.fill(CharacterClass.LETTER, 0x41, 0x5b)
  classes.fill(CharacterClass.LETTER, 0x61, 0x7b)
  classes.fill(CharacterClass.DIGIT, 0x30, 0x3a)
  classes[0x5f] = CharacterClass.UNDERSCORE
  classes[0x27] = CharacterClass.APOSTROPHE
  return classes
}

function classify(codePoint: number): number {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return CharacterClass.OTHER
  const character = String.fromCodePoint(codePoint)
  if (APOSTROPHE.test(character)) return CharacterClass.APOSTROPHE
  if (IGNORABLE.test(character)) return CharacterClass.IGNORABLE
  if (!WORD.test(character) || FRACTION.test(character)) return CharacterClass.OTHER
  return classifyWordCharacter(character)
}

function classifyWordCharacter(character: string): number {
  if (EAST_ASIAN.test(character)) return CharacterClass.EAST_ASIAN
  if (/\p{Nd}/u.test(character)) return CharacterClass.DIGIT
  if (SOUTH_EAST_ASIAN.test(character)) return CharacterClass.SOUTH_EAST_ASIAN
  return /\p{M}/u.test(character) ? CharacterClass.MARK : CharacterClass.LETTER
}
