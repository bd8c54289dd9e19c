import {parse, YAMLParseError} from 'yaml'

/** Lines of one front matter that are mended before it counts as no YAML at all. */
const MOST_REPAIRS = 20
/** `key: value` with a value of one line. */
const FIELD = /^(\s*(?:[\w.-]+|"[^"\n]*"|'[^'\n]*')\s*:[ \t]+)(\S.*?)[ \t]*$/

export interface Yaml {
  /** As `yaml` gives it: maps as `Map`. */
  readonly value: unknown
  /** What could not be read, with its line; the rest is in `value`. */
  readonly problems: readonly string[]
}

/**
 * Reads YAML front matter as people write it. A value that is no YAML (a colon in a title, `{{template}}`, lists of wiki links) is kept as
 * the text that stands there, tabs indent, of a key that stands there twice the last counts; any other broken line is named and passed over.
 * @throws YAMLParseError when nothing can be read, or over 20 lines are broken
 */
export function readYaml(source: string): Yaml {
  const lines = source.split('\n').map(withoutTabs).map(withTemplateAsText)
  const problems: string[] = []
  for (let repairs = 0; ; repairs++) {
    try {
      const value = parseWhole(lines.join('\n'))
      if (problems.length > 0 && !(value instanceof Map && value.size > 0)) throw new SyntaxError(problems[0])
      return {value, problems}
    } catch (error) {
      if (!(error instanceof YAMLParseError) || repairs === MOST_REPAIRS) throw error
      const problem = repair(lines, error)
      if (problem !== undefined) problems.push(problem)
    }
  }
}

function parseWhole(source: string): unknown {
  return parse(source, {
    mapAsMap: true,
    maxAliasCount: 100,
    logLevel: 'error',
    prettyErrors: false,
    uniqueKeys: false,
  }) as unknown
}

const withoutTabs = (line: string): string =>
  line.replace(/^[ \t]+/, (indent) => indent.replaceAll('\t', '  '))

/** `{{title}}` would be a map of a map. */
function withTemplateAsText(line: string): string {
  const [, key, value] = FIELD.exec(line) ?? []
  return key !== undefined && value !== undefined && value.startsWith('{{')
    ? key + JSON.stringify(value)
    : line
}

/** Makes a text of the value at fault, or empties its line and says what was wrong. */
function repair(lines: string[], error: YAMLParseError): string | undefined {
  const at = lineAt(lines, error.pos[0])
  const [, key, value] = FIELD.exec(lines[at] ?? '') ?? []
  if (key !== undefined && value !== undefined && !isText(value)) {
    lines[at] = key + JSON.stringify(value)
    return undefined
  }
  lines[at] = ''
  // The fence is the first line.
  return `line ${at + 2} of the front matter: ${error.message}`
}

/** Made a text already. */
function isText(value: string): boolean {
  try {
    return typeof JSON.parse(value) === 'string'
  } catch {
    return false
  }
}

/** The line that holds an offset, or the last before it that is not empty. */
function lineAt(lines: readonly string[], offset: number): number {
  let at = 0
  for (let end = lines[0]?.length ?? 0; end < offset && at < lines.length - 1;) end += 1 + lines[++at]!.length
  while (at > 0 && lines[at]!.trim() === '') at--
  return at
}
