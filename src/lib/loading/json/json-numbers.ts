import {endOfString} from '../../model/input/parse-json.js'

/** Stands before a number that is kept as it was written. No text of a JSON file begins so: controls are escaped in it, and never written by people. */
const MARK = '\u0001#'

/** A number that a double does not hold, or JSON would write otherwise: `12345678901234567890`, `1.10`. */
const SUSPECT = /\d{16}|\.\d*0(?!\d)|\d[eE][+-]?\d|-0(?![.\d])/

/** Puts such numbers between quotes, marked, so that parsing keeps their digits. Linear; texts without any are given back at once. */
export function quoteNumbers(source: string): string {
  if (!SUSPECT.test(source)) return source
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!
    if (character === '"') {
      at = endOfString(source, at)
      if (at < 0) break
    } else if (character === '-' || isDigit(character)) {
      const end = endOfNumber(source, at)
      const number = source.slice(at, end)
      if (JSON_NUMBER.test(number) && String(Number(number)) !== number) {
        parts.push(source.slice(from, at), `"\\u0001#${number}"`)
        from = end
      }
      at = end - 1
    }
  }
  return [...parts, source.slice(from)].join('')
}

/** The digits of a number that was kept as it was written; undefined for any other text. */
export function writtenNumber(text: string): string | undefined {
  return text.startsWith(MARK) ? text.slice(MARK.length) : undefined
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

const isDigit = (character: string): boolean => character >= '0' && character <= '9'

function endOfNumber(source: string, start: number): number {
  let end = start + 1
  while (end < source.length && /[\d.eE+-]/.test(source[end]!)) end++
  return end
}
