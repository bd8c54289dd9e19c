import {parse, TomlError} from 'smol-toml'

/** Statements of one front matter that are mended before it counts as no TOML at all. */
const MOST_REPAIRS = 20
const MAX_DEPTH = 50

/** Strings and comments, which stay as they are; dates with a time; words that begin like a number. */
const SCALARS =
  /"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#.*|(?<![\w.-])(\d{4}-\d\d-\d\d [\d:.]+(?:Z|[+-]\d\d:\d\d)?|[+-]?(?:\d[\w.:+-]*|inf|nan))(?![\w.-])/g

export interface Toml {
  readonly values: Readonly<Record<string, unknown>>
  /** What could not be read, with its line; the rest is in `values`. */
  readonly problems: readonly string[]
}

/**
 * Reads TOML front matter. Dates, and numbers that JSON would write otherwise or not hold exactly, are given as the text that stands
 * there. A value that is no TOML, such as a text without quotes, is kept as text; any other broken statement is named and passed over.
 * @throws Error when nothing can be read, or over 20 statements are broken
 */
export function readToml(source: string): Toml {
  const lines = source.replaceAll(SCALARS, quoteScalar).split('\n')
  const problems: string[] = []
  for (let repairs = 0; ; repairs++) {
    try {
      const values = parse(lines.join('\n'), {maxDepth: MAX_DEPTH})
      if (problems.length > 0 && Object.keys(values).length === 0) throw new SyntaxError(problems[0])
      return {values, problems}
    } catch (error) {
      if (!(error instanceof TomlError) || repairs === MOST_REPAIRS) throw error
      const problem = repair(lines, error)
      if (problem !== undefined) problems.push(problem)
    }
  }
}

function quoteScalar(found: string, scalar: string | undefined): string {
  return scalar === undefined || isExactNumber(scalar) ? found : `"${scalar}"`
}

/** True for a number as JSON writes it, without more digits than a double holds. */
function isExactNumber(text: string): boolean {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return false
  return Number.isFinite(Number(text)) && (!/^-?\d+$/.test(text) || Number.isSafeInteger(Number(text)))
}

/** Mends the statement at fault, or empties its lines and says what was wrong. */
function repair(lines: string[], error: TomlError): string | undefined {
  const at = Math.min(error.line, lines.length) - 1
  const pair = /^(\s*(?:[\w-]+|"[^"]*"|'[^']*')\s*=\s*)(.*\S)\s*$/.exec(lines[at] ?? '')
  const mended = pair && asText(pair[2]!)
  if (mended) {
    lines[at] = pair[1]! + mended
    return undefined
  }
  const first = statementStart(lines, at)
  const last = lines[first]!.trimStart().startsWith('[') ? tableEnd(lines, at) : at
  for (let line = first; line <= last; line++) lines[line] = ''
  const reason = /^Invalid TOML document: (.*)/.exec(error.message)?.[1] ?? error.message
  // The fence is the first line.
  return `line ${error.line + 1} of the front matter: ${reason}`
}

/** A value that is no TOML as a TOML text, or a list of such; undefined for what is one already, or goes on in the next line. */
function asText(value: string): string | undefined {
  if (isToml(`value = ${value}`)) return undefined
  const list = /^\[([^[\]]*)\]$/.exec(value)
  if (list)
    return JSON.stringify(
      list[1]!
        .split(',')
        .map((item) => unquote(item.trim()))
        .filter((item) => item !== ''),
    )
  return /^(?:"""|'''|[[{])/.test(value) ? undefined : JSON.stringify(unquote(value))
}

function isToml(text: string): boolean {
  try {
    parse(text, {maxDepth: MAX_DEPTH})
    return true
  } catch {
    return false
  }
}

/** The line on which the statement that holds a line begins: that of the last key or header before it, unless that one is whole without it. */
function statementStart(lines: readonly string[], at: number): number {
  const isStart = (line: string): boolean => /^\s*(?:\[|(?:[\w.-]+|"[^"]*"|'[^']*')\s*=)/.test(line)
  const start = isStart(lines[at] ?? '') ? at : lines.slice(0, at).findLastIndex(isStart)
  return start < 0 || isToml(lines.slice(start, at).join('\n')) ? at : start
}

/** The last line before the next header: keys under a broken header must not fall to the table before it. */
function tableEnd(lines: readonly string[], from: number): number {
  const next = lines.findIndex((line, at) => at > from && /^\s*\[/.test(line))
  return next < 0 ? lines.length - 1 : next - 1
}

function unquote(text: string): string {
  const quote = text[0]
  return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote)
    ? text.slice(1, -1)
    : text
}
