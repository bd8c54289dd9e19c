const DIRECTIVE =
  /^\.\. (?:code-block|code|sourcecode|prompt|highlight|parsed-literal|literalinclude)::\s*(\S*)/

/**
 * Puts fences around code and blanks comments, in place, without a new line: the opening fence takes the directive's line (or the blank line after `::`), the
 * closing one the blank line after the block. A block with no blank line to take is left as it is.
 * @returns for every line 1 when it is code (or a fence)
 */
export function fenceLiteralBlocks(lines: string[]): Uint8Array {
  const inCode = new Uint8Array(lines.length)
  for (let at = 0; at < lines.length; at++) {
    const start = blockStart(lines[at] ?? '')
    if (start === undefined) continue
    const block = blockAfter(lines, at + 1, start.indent.length)
    const open = start.isDirective ? at : at + 1
    if (block === undefined || block.start === open) continue
    if (start.kind === 'comment') {
      lines.fill('', at, block.end)
      continue
    }
    const fence = start.indent + fenceFor(lines, block)
    if (!start.isDirective) lines[at] = (lines[at] ?? '').trimEnd().slice(0, -1)
    lines[open] = fence + start.language
    if (block.end < lines.length) lines[block.end] = fence
    inCode.fill(1, open, Math.min(block.end + 1, lines.length))
    at = block.end
  }
  return inCode
}

interface BlockStart {
  readonly kind: 'code' | 'comment'
  readonly indent: string
  readonly isDirective: boolean
  readonly language: string
}

/** What a line says of the indented lines that follow it, when it says that they are code, or a comment. */
function blockStart(line: string): BlockStart | undefined {
  const content = line.trim()
  const indent = line.slice(0, line.length - line.trimStart().length)
  if (content.startsWith('..')) {
    const directive = DIRECTIVE.exec(content)
    if (directive !== null) return {kind: 'code', indent, isDirective: true, language: directive[1] ?? ''}
    return content === '..' ? {kind: 'comment', indent, isDirective: true, language: ''} : undefined
  }
  return content.endsWith('::') ? {kind: 'code', indent, isDirective: false, language: ''} : undefined
}

interface Block {
  readonly start: number
  /** The blank line after the block, or the number of lines at the end of the text. */
  readonly end: number
}

/** The lines indented deeper than `indent`, from the first that is not blank on. */
function blockAfter(lines: readonly string[], from: number, indent: number): Block | undefined {
  let start = from
  while (start < lines.length && (lines[start] ?? '').trim() === '') start++
  let last = -1
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.trim() === '') continue
    if (line.length - line.trimStart().length <= indent) break
    last = at
  }
  if (last < 0) return undefined
  const end = last + 1
  return end >= lines.length || (lines[end] ?? '').trim() === '' ? {start, end} : undefined
}

/** A fence longer than any run of backticks in the block. */
function fenceFor(lines: readonly string[], block: Block): string {
  let longest = 2
  for (let at = block.start; at < block.end; at++) {
    for (const run of (lines[at] ?? '').match(/`{3,}/g) ?? []) longest = Math.max(longest, run.length)
  }
  return '`'.repeat(longest + 1)
}
