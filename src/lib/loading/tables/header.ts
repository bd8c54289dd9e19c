import type {TableRecord} from './read-records.js'

/** Among so many first records the header is looked for. */
const SEARCHED = 20
const LONGEST_NAME = 100

export interface TableHeader {
  /** Its place among the records. */
  readonly at: number
  readonly names: readonly string[]
}

/**
 * The record that names the columns: the first that is as wide as most of those that follow, when it can be names. What stands before it
 * (a title, comments) is narrower. A mark of a comment before the first name is taken off.
 */
export function findHeader(records: readonly TableRecord[]): TableHeader | undefined {
  const width = commonWidth(records)
  const at = records.slice(0, SEARCHED).findIndex((record) => widthOf(record.cells) >= width)
  // One that nothing follows is data.
  if (at < 0 || at === records.length - 1) return undefined
  const [first = '', ...others] = records[at]!.cells.slice(0, Math.max(width, widthOf(records[at]!.cells)))
  const names = [first.trim().replace(/^#+\s*(?=\S)/, ''), ...others.map((name) => name.trim())]
  return canName(names) ? {at, names} : undefined
}

/** Cells up to the last that is not empty: some programs end every line with a delimiter. */
function widthOf(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1
}

/** The width of most of the first records. */
function commonWidth(records: readonly TableRecord[]): number {
  const counts = new Map<number, number>()
  for (const {cells} of records.slice(0, 2 * SEARCHED))
    counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  const [most] = [...counts].sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || b - a)
  const [width = 0] = most ?? []
  return records.slice(0, 2 * SEARCHED).some(({cells}) => cells.length === width && widthOf(cells) === width)
    ? width
    : width - 1
}

/** Words, and years beside them; few of them twice. */
function canName(cells: readonly string[]): boolean {
  const words = cells.filter(
    (cell) => /\p{L}/u.test(cell) && cell.length <= LONGEST_NAME && !/^[+-]?\d/.test(cell),
  )
  const years = cells.filter((cell) => /^(?:19|20|21)\d\d$/.test(cell))
  const isNamed = words.length > 0 && words.length + years.length === cells.length
  return isNamed && new Set(cells).size > cells.length / 2 && new Set(cells).size >= Math.min(2, cells.length)
}
