/**
 * The parts of an identifier in order, as written: at each `_` and `#`, between a small letter and a capital
 * (`getUser`), between letters and digits (`utf8`), and before the last capital of several (`HTTPServer` → `HTTP`, `Server`; but `URLs` stays whole).
 * One part when there is nothing to split.
 */
export function identifierParts(word: string): string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < word.length; at++) {
    if (isJoint(word.charCodeAt(at))) {
      if (at > start) parts.push(word.slice(start, at))
      start = at + 1
    } else if (at > start && beginsPart(word, at)) {
      parts.push(word.slice(start, at))
      start = at
    }
  }
  if (start < word.length) parts.push(word.slice(start))
  return parts
}

/** Full stops only come between digits, and keep a version together. */
function isJoint(code: number): boolean {
  return code === 0x5f || code === 0x23
}

/** The `.` and `,` of a number count as digits. */
function isDigit(word: string, at: number): boolean {
  const code = word.charCodeAt(at)
  return (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2c
}

function beginsPart(word: string, at: number): boolean {
  if (isDigit(word, at) !== isDigit(word, at - 1)) return true
  if (!isCapital(word, at)) return false
  if (!isCapital(word, at - 1)) return true
  const pluralOfCapitals = word.charCodeAt(at + 1) === 0x73 && at + 2 >= word.length
  return isSmall(word, at + 1) && !pluralOfCapitals
}

function isCapital(word: string, at: number): boolean {
  const code = word.charCodeAt(at)
  if (code < 128) return code >= 0x41 && code <= 0x5a
  const letter = word.charAt(at)
  return letter !== letter.toLowerCase()
}

function isSmall(word: string, at: number): boolean {
  const code = word.charCodeAt(at)
  if (code < 128) return code >= 0x61 && code <= 0x7a
  const letter = word.charAt(at)
  return letter !== letter.toUpperCase()
}
