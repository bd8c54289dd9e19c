const ADORNMENT = /^([!-/:-@[-`{-~])\1*[ \t]*$/

/**
 * Turns section titles into `#` headings in place: the adornment lines become blank, so the number of lines stays. Levels follow the order
 * in which adornments first appear, with an overline or without (Docutils, "reStructuredText Markup Specification", Sections).
 * @returns the first title, or `undefined`
 */
export function atxTitles(lines: string[], inCode: Uint8Array): string | undefined {
  const levels = new Map<string, number>()
  let first: string | undefined
  for (let at = 0; at < lines.length; at++) {
    if (inCode[at] === 1) continue
    const found = overlined(lines, at) ?? underlined(lines, at, at === 0 || endsBlock(lines, at - 1, inCode))
    if (found === undefined) {
      lines[at] = withoutFence(lines[at] ?? '')
      continue
    }
    const level = levels.get(found.style) ?? levels.size + 1
    levels.set(found.style, level)
    lines[found.line] = `${'#'.repeat(Math.min(level, 6))} ${found.title}`
    for (const blank of found.adornments) lines[blank] = ''
    first ??= found.title
    at = found.line + 1
  }
  return first
}

interface RstTitle {
  readonly title: string
  readonly line: number
  readonly style: string
  readonly adornments: readonly number[]
}

/** What a title may stand below: a blank line, and what ends at the margin without one: code, explicit markup, what is indented. */
function endsBlock(lines: readonly string[], at: number, inCode: Uint8Array): boolean {
  return inCode[at] === 1 || /^(?:\s|\.\. |$)/.test(lines[at] ?? '')
}

/** A row of marks that is no title's would open a fence in Markdown. */
function withoutFence(line: string): string {
  return /^[ \t]*(?:```|~~~)/.test(line) && adornmentOf(line.trimStart()) !== undefined ? '' : line
}

function overlined(lines: readonly string[], at: number): RstTitle | undefined {
  const over = adornmentOf(lines[at])
  const title = (lines[at + 1] ?? '').trim()
  if (over === undefined || title === '' || adornmentOf(title) !== undefined) return undefined
  if (adornmentOf(lines[at + 2]) !== over || !isLongEnough(lines[at] ?? '', title)) return undefined
  return {title, line: at + 1, style: over + over, adornments: [at, at + 2]}
}

function underlined(lines: readonly string[], at: number, mayBegin: boolean): RstTitle | undefined {
  const under = adornmentOf(lines[at + 1])
  const title = (lines[at] ?? '').trimEnd()
  // A title stands at the margin, at the beginning of a block, and is no row of marks itself.
  if (
    !mayBegin ||
    under === undefined ||
    title === '' ||
    /^\s/.test(title) ||
    adornmentOf(title) !== undefined
  )
    return undefined
  return isLongEnough(lines[at + 1] ?? '', title)
    ? {title, line: at, style: under, adornments: [at + 1]}
    : undefined
}

/** Docutils takes a short underline too (with a warning) when it has four characters. */
function isLongEnough(adornment: string, title: string): boolean {
  const length = adornment.trimEnd().length
  return length >= 4 || length >= title.trimEnd().length
}

function adornmentOf(line: string | undefined): string | undefined {
  return ADORNMENT.exec(line ?? '')?.[1]
}
