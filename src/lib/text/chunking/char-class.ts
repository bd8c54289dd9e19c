/** What a UTF-16 code unit is to the token estimate and to the sentence scanner. */
export const SPACE = 0
export const LATIN = 1
export const DIGIT = 2
export const LETTER = 3
/** A character that is about a word of its own: ideographs, kana, Hangul, Thai and the other scripts written without spaces. */
export const WIDE = 4
export const MARK = 5
export const LOW_SURROGATE = 6
/** The bits that hold one of the classes above. */
export const CLASS_BITS = 7
/** Set beside the class on a code unit at which a sentence may end (a line feed too: a list may begin after it). */
export const STOP_BIT = 8

const STOPS = '\n.!?;…؟۔।॥։።፧၊။។៕。！？｡．'

/** JavaScript's own white space (what `trim` takes off), so that line numbers agree with `trim`. */
const SPACES = [
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
] as const

const LATINS = [
  [0x41, 0x5a],
  [0x61, 0x7a],
  [0xaa, 0xaa],
  [0xb5, 0xb5],
  [0xba, 0xba],
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x36f],
  [0x1e00, 0x1eff],
] as const

const WIDES = [
  [0x0e00, 0x0eff],
  [0x1000, 0x109f],
  [0x1100, 0x11ff],
  [0x1780, 0x17ff],
  [0x3041, 0x312f],
  [0x3131, 0x318e],
  [0x31a0, 0x31ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xac00, 0xd7ff],
  [0xf900, 0xfaff],
  [0xff66, 0xff9f],
] as const

const MARKS = [
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
  [0xd800, 0xdbff],
  [0xe000, 0xf8ff],
  [0xfe10, 0xfe1f],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff0f],
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
  [0xffe0, 0xffff],
] as const

/** Class and stop bit of every UTF-16 code unit: one look-up a character keeps the scanners fast in every script. */
export const CHAR_CLASS: Uint8Array = buildTable()

function buildTable(): Uint8Array {
  const table = new Uint8Array(0x10000).fill(LETTER)
  paint(table, LATINS, LATIN)
  paint(table, [[0x30, 0x39]], DIGIT)
  paint(table, WIDES, WIDE)
  paint(table, MARKS, MARK)
  paint(table, SPACES, SPACE)
  paint(table, [[0xdc00, 0xdfff]], LOW_SURROGATE)
  for (const stop of STOPS) table[stop.charCodeAt(0)]! |= STOP_BIT
  return table
}

function paint(table: Uint8Array, ranges: readonly (readonly [number, number])[], value: number): void {
  for (const [first, last] of ranges) table.fill(value, first, last + 1)
}

/** Class of the code unit at `at`. */
export function classAt(text: string, at: number): number {
  return CHAR_CLASS[text.charCodeAt(at)]! & CLASS_BITS
}

/** First place in `[from, end)` that is no white space, or `end`. */
export function skipSpace(text: string, from: number, end: number): number {
  let at = from
  while (at < end && classAt(text, at) === SPACE) at++
  return at
}
