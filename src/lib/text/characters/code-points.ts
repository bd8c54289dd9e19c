/** First and last code point of a run of characters, both included. */
export type CodePoints = readonly [first: number, last: number]

export const THAI: CodePoints = [0x0e00, 0x0e7f]
export const LAO: CodePoints = [0x0e80, 0x0eff]
export const BURMESE: CodePoints = [0x1000, 0x109f]
export const HANGUL_JAMO: CodePoints = [0x1100, 0x11ff]
export const KHMER: CodePoints = [0x1780, 0x17ff]
export const LATIN_EXTENDED_ADDITIONAL: CodePoints = [0x1e00, 0x1eff]
export const GREEK: CodePoints = [0x0370, 0x03ff]
export const GREEK_EXTENDED: CodePoints = [0x1f00, 0x1fff]
export const KANA: CodePoints = [0x3040, 0x30ff]
export const HALF_WIDTH_KANA: CodePoints = [0xff66, 0xff9f]
export const HAN_EXTENSION_A: CodePoints = [0x3400, 0x4dbf]
export const HIGH_SURROGATES: CodePoints = [0xd800, 0xdbff]
export const LOW_SURROGATES: CodePoints = [0xdc00, 0xdfff]
/** Letters of which two make a flag. */
export const REGIONAL_INDICATORS: CodePoints = [0x1f1e6, 0x1f1ff]
export const SKIN_TONES: CodePoints = [0x1f3fb, 0x1f3ff]

/** Whether a code point lies in a range. False for `NaN`, which is what `charCodeAt` gives beyond the end. */
export function isIn(codePoint: number, range: CodePoints): boolean {
  return codePoint >= range[0] && codePoint <= range[1]
}

/** Whether the code unit at `at` is the second half of a surrogate pair whose first half stands not before `start`. */
export function splitsPair(text: string, at: number, start = 0): boolean {
  return (
    at > start && isIn(text.charCodeAt(at), LOW_SURROGATES) && isIn(text.charCodeAt(at - 1), HIGH_SURROGATES)
  )
}
