const MOST = 20

/** Ascending numbers in short: `1, 3–5, 9`; after 20 stretches how many more. */
export function numberRanges(numbers: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  const shown = ranges
    .slice(0, MOST)
    .map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
  const more = ranges.slice(MOST).reduce((sum, [first, last]) => sum + last - first + 1, 0)
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
