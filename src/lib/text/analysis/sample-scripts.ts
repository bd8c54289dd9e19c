import {
  BURMESE,
  GREEK,
  GREEK_EXTENDED,
  HALF_WIDTH_KANA,
  HAN_EXTENSION_A,
  HANGUL_JAMO,
  KANA,
  KHMER,
  LAO,
  LATIN_EXTENDED_ADDITIONAL,
  THAI,
  type CodePoints,
} from '../characters/code-points.js'

/** Scripts that one language stands for, by their first and last character, and those that several share. */
const RANGES: readonly (readonly [...CodePoints, script: string])[] = [
  [0x00c0, 0x024f, 'latin'],
  [...GREEK, 'el'],
  [0x0400, 0x052f, 'cyrillic'],
  [0x0530, 0x058f, 'hy'],
  [0x0590, 0x05ff, 'he'],
  [0x0600, 0x077f, 'arabic'],
  [0x0900, 0x097f, 'devanagari'],
  [0x0980, 0x09ff, 'bn'],
  [0x0a00, 0x0a7f, 'pa'],
  [0x0a80, 0x0aff, 'gu'],
  [0x0b80, 0x0bff, 'ta'],
  [0x0c00, 0x0c7f, 'te'],
  [0x0c80, 0x0cff, 'kn'],
  [0x0d00, 0x0d7f, 'ml'],
  [0x0d80, 0x0dff, 'si'],
  [...THAI, 'th'],
  [...LAO, 'lo'],
  [...BURMESE, 'my'],
  [0x10a0, 0x10ff, 'ka'],
  [...HANGUL_JAMO, 'ko'],
  [0x1200, 0x137f, 'am'],
  [...KHMER, 'km'],
  [...LATIN_EXTENDED_ADDITIONAL, 'latin'],
  [...GREEK_EXTENDED, 'el'],
  [...KANA, 'ja'],
  [...HAN_EXTENSION_A, 'zh'],
  [0x4e00, 0x9fff, 'zh'],
  [0xac00, 0xd7a3, 'ko'],
  [...HALF_WIDTH_KANA, 'ja'],
]

/** A character of these stands for about half a word, so it weighs more than a letter. */
const HEAVY = new Set(['zh', 'ja', 'ko'])
const HEAVY_WEIGHT = 3

/** Where a letter outside the range tables stands. */
const NO_SCRIPT = ''

/**
 * The script most of a text's letters belong to: a language tag where the script has one language, else `latin`,
 * `cyrillic`, `arabic` or `devanagari`; empty when there are no letters. Kana among Chinese characters means Japanese.
 */
export function mainScript(text: string): string {
  const counts = countScripts(text)
  const kana = counts.get('ja') ?? 0
  const han = counts.get('zh') ?? 0
  if (kana * 10 > han && kana > 0) {
    counts.set('ja', kana + han)
    counts.delete('zh')
  }
  let best = NO_SCRIPT
  let most = 0
  for (const [script, count] of counts) {
    const weight = HEAVY.has(script) ? count * HEAVY_WEIGHT : count
    if (weight > most) {
      best = script
      most = weight
    }
  }
  return best
}

function countScripts(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  let latin = 0
  let last = RANGES[0] as (typeof RANGES)[number]
  let run = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0xc0) {
      if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) latin++
      continue
    }
    if (code < last[0] || code > last[1]) {
      add(counts, last[2], run)
      run = 0
      last = rangeOf(code) ?? last
      if (code < last[0] || code > last[1]) continue
    }
    run++
  }
  add(counts, last[2], run)
  add(counts, 'latin', latin)
  return counts
}

function add(counts: Map<string, number>, script: string, count: number): void {
  if (count > 0) counts.set(script, (counts.get(script) ?? 0) + count)
}

function rangeOf(code: number): (typeof RANGES)[number] | undefined {
  let low = 0
  let high = RANGES.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = RANGES[middle] as (typeof RANGES)[number]
    if (code < range[0]) high = middle - 1
    else if (code > range[1]) low = middle + 1
    else return range
  }
  return undefined
}
