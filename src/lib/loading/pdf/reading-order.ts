import {cellsOf, type Row, type Segment} from './page-rows.js'

/** A line as it is read: one segment of a column, or a row of cells. */
export interface PageLine {
  readonly y: number
  readonly cells: readonly Segment[]
  /** Edges of the column that it stands in. */
  readonly left: number
  readonly right: number
}

/** Lines that a column must have at least, and the share of its width that its lines fill: what is narrower is a table. */
const MIN_COLUMN_LINES = 4
const FILLED = 0.55
/** Columns within columns. */
const MAX_DEPTH = 3

/** The rows of a page in the order in which they are read: column by column where the page has columns, with what spans them in between. */
export function readingOrder(rows: readonly Row[], depth = 0): readonly PageLine[] {
  const gutter = depth < MAX_DEPTH ? gutterOf(rows) : undefined
  if (gutter === undefined) return inOneColumn(rows)
  const lines: PageLine[] = []
  let band: Row[] = []
  const endBand = (): void => {
    lines.push(...readingOrder(sideOf(band, gutter, true), depth + 1))
    lines.push(...readingOrder(sideOf(band, gutter, false), depth + 1))
    band = []
  }
  for (const row of rows) {
    if (!row.segments.some(({x, end}) => x < gutter && end > gutter)) band.push(row)
    else {
      endBand()
      lines.push(...inOneColumn([row]))
    }
  }
  endBand()
  return lines
}

function inOneColumn(rows: readonly Row[]): readonly PageLine[] {
  const {left, right} = edgesOf(rows)
  return rows.map(({y, segments}) => ({y, cells: cellsOf(segments), left, right}))
}

function sideOf(rows: readonly Row[], gutter: number, isLeft: boolean): readonly Row[] {
  return rows
    .map(({y, segments}) => ({y, segments: segments.filter(({x}) => x < gutter === isLeft)}))
    .filter(({segments}) => segments.length > 0)
}

function edgesOf(rows: readonly Row[]): {readonly left: number; readonly right: number} {
  let left = Infinity
  let right = 0
  for (const {segments} of rows)
    for (const {x, end} of segments) {
      left = Math.min(left, x)
      right = Math.max(right, end)
    }
  return {left, right}
}

/** Where the page parts into two columns of running text, if it does. */
function gutterOf(rows: readonly Row[]): number | undefined {
  if (rows.length < MIN_COLUMN_LINES) return undefined
  const gutter = leastCovered(rows)
  if (gutter === undefined) return undefined
  const sides = [sideOf(rows, gutter, true), sideOf(rows, gutter, false)]
  return sides.every((side) => isColumn(side, gutter)) ? gutter : undefined
}

/** The middle of the first stretch that the fewest rows cover, when these are few. */
function leastCovered(rows: readonly Row[]): number | undefined {
  const {left, right} = edgesOf(rows)
  const width = Math.ceil(right - left)
  if (!(width > 100 && width < 20_000)) return undefined
  const covered = coverage(rows, left, width)
  const end = Math.floor(width * 0.8)
  let first = Math.floor(width * 0.2)
  for (let at = first; at < end; at++) if (covered[at]! < covered[first]!) first = at
  if (covered[first]! * 3 > rows.length) return undefined
  let last = first
  while (last + 1 < end && covered[last + 1] === covered[first]) last++
  return left + (first + last + 1) / 2
}

/** How many rows cover each point of the width. */
function coverage(rows: readonly Row[], left: number, width: number): Int32Array {
  const steps = new Int32Array(width + 2)
  for (const {segments} of rows)
    for (const {x, end} of segments) {
      steps[Math.max(0, Math.floor(x - left))]!++
      steps[Math.min(width + 1, Math.ceil(end - left))]!--
    }
  for (let at = 1; at < steps.length; at++) steps[at]! += steps[at - 1]!
  return steps
}

/** Lines that begin at one edge and mostly reach the other: running text, not cells. */
function isColumn(rows: readonly Row[], gutter: number): boolean {
  const own = rows.filter(({segments}) => !segments.some(({x, end}) => x < gutter && end > gutter))
  if (own.length < MIN_COLUMN_LINES) return false
  const {left, right} = edgesOf(own)
  const full = own.filter(
    ({segments}) =>
      segments.at(-1)!.end - segments[0]!.x >= FILLED * (right - left) && segments[0]!.text.includes(' '),
  )
  return full.length * 2 >= own.length
}
