/**
 * Whether a text matches a glob: `*` any run of characters, `?` one, `[a-c]` one of a set, `[^a-c]` one not of it. A
 * bracket that is never closed matches nothing. Takes time in proportion to text × pattern at worst.
 */
export function globMatches(pattern: string, text: string): boolean {
  const parts = parseGlob(pattern)
  const letters = [...text]
  if (!parts) return false
  let at = 0
  let part = 0
  // Where to go on when a later part fails: after the last star, which then swallows one character more.
  let star = -1
  let starAt = 0
  while (at < letters.length) {
    const step = parts[part]
    if (step === '*') {
      star = part++
      starAt = at
    } else if (step && step(letters[at]!)) {
      part++
      at++
    } else if (star >= 0) {
      part = star + 1
      at = ++starAt
    } else return false
  }
  return parts.slice(part).every((it) => it === '*')
}

type GlobPart = '*' | ((letter: string) => boolean)

function parseGlob(pattern: string): GlobPart[] | undefined {
  const letters = [...pattern]
  const parts: GlobPart[] = []
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i]!
    if (letter === '*') parts.push('*')
    else if (letter === '?') parts.push(() => true)
    else if (letter !== '[') parts.push((it) => it === letter)
    else {
      const not = letters[i + 1] === '^'
      const from = not ? i + 2 : i + 1
      // A `]` right after the opening is a member of the set.
      const end = letters.indexOf(']', from + 1)
      if (end < 0) return undefined
      const holds = setOf(letters.slice(from, end))
      parts.push((it) => holds(it) !== not)
      i = end
    }
  }
  return parts
}

function setOf(letters: readonly string[]): (letter: string) => boolean {
  const ranges: [number, number][] = []
  for (let i = 0; i < letters.length; i++) {
    const first = letters[i]!.codePointAt(0)!
    const isRange = letters[i + 1] === '-' && i + 2 < letters.length
    ranges.push([first, isRange ? letters[i + 2]!.codePointAt(0)! : first])
    if (isRange) i += 2
  }
  return (letter) => {
    const code = letter.codePointAt(0)!
    return ranges.some(([first, last]) => first <= code && code <= last)
  }
}
