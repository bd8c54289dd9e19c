/**
 * The known word that `word` is most likely a slip of, or undefined when none is near enough
 * (more than a third of its letters differ).
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const short = word.slice(0, 64)
  let best: {word: string; distance: number} | undefined
  for (const candidate of known) {
    const distance = editDistance(short, candidate)
    if (best === undefined || distance < best.distance) best = {word: candidate, distance}
  }
  if (best === undefined) return undefined
  const allowed = Math.max(1, Math.floor(Math.max(short.length, best.word.length) / 3))
  return best.distance <= allowed ? best.word : undefined
}

/** Insertions, deletions and replacements between two words (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
