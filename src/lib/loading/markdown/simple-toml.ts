/**
 * The part of TOML that front matter uses: `key = value` lines with texts, numbers, booleans, dates (kept as text) and lists on one
 * line, under `[table]` headers. A value of any other form is kept as the text that stands there.
 * @throws SyntaxError on a line that is none of these
 */
export function parseSimpleToml(source: string): Map<string, unknown> {
  const top = new Map<string, unknown>()
  let table = top
  source.split('\n').forEach((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return
    const header = /^\[+([^\]]+)\]+/.exec(line)
    if (header !== null) {
      table = new Map()
      top.set(unquote((header[1] ?? '').trim()), table)
      return
    }
    const equals = line.indexOf('=')
    if (equals <= 0)
      throw new SyntaxError(`line ${index + 2} of the front matter is neither "key = value" nor "[table]"`)
    table.set(unquote(line.slice(0, equals).trim()), readValue(line.slice(equals + 1).trim()))
  })
  return top
}

function readValue(text: string): unknown {
  const literal = /^'([^']*)'/.exec(text)
  if (literal !== null) return literal[1]
  for (const candidate of [text, text.replace(/\s#[^"'\]]*$/, ''), text.replace(/,\s*\]$/, ']')]) {
    try {
      const value: unknown = JSON.parse(candidate)
      if (typeof value !== 'object' || Array.isArray(value)) return value
    } catch {
      // Not written as in JSON; the next form is tried.
    }
  }
  const list = /^\[([^[\]]*)\]$/.exec(text)
  if (list !== null)
    return (list[1] ?? '')
      .split(',')
      .map((item) => unquote(item.trim()))
      .filter((item) => item !== '')
  return text
}

function unquote(text: string): string {
  const quote = text[0]
  return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote)
    ? text.slice(1, -1)
    : text
}
