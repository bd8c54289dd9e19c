const DELIMITERS = [',', ';', '\t', '|'] as const
const SAMPLE_CHARACTERS = 65_536
const SAMPLE_LINES = 20

/** The likeliest delimiter: the one that stands, outside quotes, equally often on the most lines. A comma when none does. */
export function delimiterOf(text: string): string {
  const counts = countByLine(text)
  let best = ','
  let bestScore = 0
  for (const delimiter of DELIMITERS) {
    const each = counts.map((count) => count.get(delimiter) ?? 0)
    const first = each[0] ?? 0
    if (first === 0) continue
    const same = each.filter((count) => count === first).length
    const score = (same / each.length) * 1000 + first
    if (score > bestScore) {
      bestScore = score
      best = delimiter
    }
  }
  return best
}

function countByLine(text: string): readonly Map<string, number>[] {
  const unquoted = text.slice(0, SAMPLE_CHARACTERS).replace(/"[^"]*(?:"|$)/g, '')
  const lines = unquoted.split('\n').filter((line) => line.trim() !== '')
  return (lines.length > 0 ? lines : ['']).slice(0, SAMPLE_LINES).map((line) => {
    const counts = new Map<string, number>()
    for (const character of line) {
      if (DELIMITERS.some((delimiter) => delimiter === character)) {
        counts.set(character, (counts.get(character) ?? 0) + 1)
      }
    }
    return counts
  })
}
