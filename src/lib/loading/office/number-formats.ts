/** How a cell shows its number. */
export type NumberFormat = 'general' | 'date' | 'time' | 'datetime' | 'percent'

const BUILT_IN: ReadonlyMap<number, NumberFormat> = new Map([
  [9, 'percent'],
  [10, 'percent'],
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58].map(
    (id) => [id, 'date'] as const,
  ),
  ...[18, 19, 20, 21, 32, 33, 45, 46, 47].map((id) => [id, 'time'] as const),
  [22, 'datetime'],
])
const DAY_MS = 86_400_000
/** Of the day 0 of Excel, which takes 1900 for a leap year; and of the Macintosh. */
const EPOCH_1900 = Date.UTC(1899, 11, 30)
const EPOCH_1904 = Date.UTC(1904, 0, 1)
const MAX_DAYS = 2_958_466

/** The format of a number format id; `code` is its own when it has one. */
export function formatOf(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return BUILT_IN.get(id) ?? 'general'
  // Quoted text, escaped letters, colours and conditions are no format.
  const plain = code
    .split(';')[0]!
    .replace(/"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]/gi, '')
    .toLowerCase()
  if (plain.includes('%')) return 'percent'
  const hasDate = /[yd]|mmm/.test(plain) && !/general/.test(plain)
  const hasTime = /[hs]/.test(plain)
  if (hasDate) return hasTime ? 'datetime' : 'date'
  return hasTime ? 'time' : /^m+$/.test(plain) ? 'date' : 'general'
}

/** A stored number as people read it: dates as ISO, percents with their mark, others with the digits that a double has. */
export function shownNumber(stored: string, format: NumberFormat, is1904: boolean): string {
  const value = Number(stored)
  if (stored.trim() === '' || !Number.isFinite(value)) return stored
  if (format === 'percent') return `${digits(value * 100)}%`
  if (format === 'general' || value < 0 || value > MAX_DAYS) return digits(value, stored)
  const date = new Date(Math.round((is1904 ? EPOCH_1904 : EPOCH_1900) + value * DAY_MS)).toISOString()
  const time = date.slice(11, 19)
  if (format === 'time') return value >= 1 ? `${Math.floor(value * 24)}:${date.slice(14, 19)}` : time
  return format === 'datetime' && time !== '00:00:00' ? `${date.slice(0, 10)} ${time}` : date.slice(0, 10)
}

/** Fifteen digits, as spreadsheets show: `0.3`, not `0.30000000000000004`. Whole numbers stay as they are written. */
function digits(value: number, stored = ''): string {
  return /^-?\d{1,25}$/.test(stored) ? stored : String(Number(value.toPrecision(15)))
}
