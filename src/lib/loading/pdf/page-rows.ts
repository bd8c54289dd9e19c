/** A piece of text as the page draws it. Points, from the top left of the page as a reader holds it. */
export interface Fragment {
  readonly x: number
  /** Of the baseline, downwards. */
  readonly y: number
  readonly width: number
  /** Height of the font. */
  readonly size: number
  readonly text: string
  readonly font: string
  readonly isMono: boolean
  readonly isRightToLeft: boolean
}

/** Text on one baseline without a wide gap: a line of a column, or a cell. */
export interface Segment {
  readonly x: number
  readonly end: number
  readonly y: number
  readonly size: number
  readonly text: string
  readonly font: string
  readonly isMono: boolean
}

/** What stands on one baseline over the whole page, from left to right. */
export interface Row {
  readonly y: number
  readonly segments: readonly Segment[]
}

/** Of the font's height: fragments whose baselines are closer stand on one line (superscripts among them). */
const SAME_LINE = 0.45
/** A gap wider than this ends a segment: columns of a page may be that close. Words of justified text may be as far apart, too. */
const COLUMN_GAP = 0.8
/** Behind the mark of a list item, up to this. */
const MARK_GAP = 4
const ITEM_MARK = /^(?:[•‣▪●○◦■□–—∙·➢✓*-]|\(?(?:\d{1,3}|[a-zA-Z])[.)])$/u
const WORD_GAP = 0.14

/** The rows of a page, from its top. */
export function rowsOf(fragments: readonly Fragment[]): readonly Row[] {
  const sorted = [...fragments].sort((a, b) => a.y - b.y || a.x - b.x)
  const rows: Row[] = []
  let row: Fragment[] = []
  let lead: Fragment | undefined
  for (const fragment of sorted) {
    if (lead && fragment.y - lead.y > SAME_LINE * Math.max(lead.size, fragment.size)) {
      rows.push(rowOf(row))
      row = []
      lead = undefined
    }
    row.push(fragment)
    // A superscript comes first: the larger text behind it says where the line is.
    if (!lead || fragment.size > lead.size * 1.2) lead = fragment
  }
  if (row.length > 0) rows.push(rowOf(row))
  return rows.filter(({segments}) => segments.length > 0)
}

function rowOf(fragments: Fragment[]): Row {
  fragments.sort((a, b) => a.x - b.x)
  const segments: Segment[] = []
  let open: Fragment[] = []
  let end = 0
  for (const fragment of fragments) {
    if (fragment.text.trim() === '') {
      if (open.length > 0) open.push(fragment)
      continue
    }
    if (open.length > 0 && fragment.x - end > COLUMN_GAP * Math.max(fragment.size, 4)) {
      segments.push(segmentOf(open))
      open = []
    }
    open.push(fragment)
    end = Math.max(open.length === 1 ? fragment.x : end, fragment.x + fragment.width)
  }
  if (open.length > 0) segments.push(segmentOf(open))
  const y = Math.max(...segments.map((segment) => segment.y), 0)
  return {y, segments}
}

function segmentOf(fragments: readonly Fragment[]): Segment {
  const seen = fragments.filter(({text}) => text.trim() !== '')
  const main = seen.reduce((best, one) => (one.text.length > best.text.length ? one : best))
  return {
    x: seen[0]!.x,
    end: seen.reduce((end, {x, width}) => Math.max(end, x + width), 0),
    y: main.y,
    size: main.size,
    font: main.font,
    isMono: seen.every(({isMono}) => isMono),
    text: textOf(fragments, seen.filter(({isRightToLeft}) => isRightToLeft).length * 2 > seen.length),
  }
}

function textOf(fragments: readonly Fragment[], isRightToLeft: boolean): string {
  let text = ''
  let before: Fragment | undefined
  for (const fragment of isRightToLeft ? [...fragments].reverse() : fragments) {
    const isSpace = fragment.text.trim() === ''
    const gap = before
      ? isRightToLeft
        ? before.x - fragment.x - fragment.width
        : fragment.x - before.x - before.width
      : 0
    if ((isSpace || gap > WORD_GAP * fragment.size) && text !== '' && !text.endsWith(' ')) text += ' '
    if (isSpace) continue
    text += fragment.text
    before = fragment
  }
  return text.trimEnd()
}

/** The segments of a row within one column: the mark of a list item belongs to its text. */
export function cellsOf(segments: readonly Segment[]): readonly Segment[] {
  const [mark, next, ...others] = segments
  if (!mark || !next || !ITEM_MARK.test(mark.text) || next.x - mark.end > MARK_GAP * Math.max(next.size, 4))
    return segments
  return [joinedCells(mark, next), ...others]
}

function joinedCells(left: Segment, right: Segment): Segment {
  const {size, font} = left.text.length >= right.text.length ? left : right
  return {
    x: left.x,
    end: right.end,
    y: left.y,
    size,
    font,
    isMono: left.isMono && right.isMono,
    text: `${left.text} ${right.text}`,
  }
}
