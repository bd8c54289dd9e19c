import {writtenNumber} from './json-numbers.js'
import {LIMITS} from '../../model/input/limits.js'

/** Deeper JSON is refused. */
export const MAX_JSON_DEPTH = LIMITS.jsonDepth
const MAX_PATH = 120
const LONG = 200

/**
 * Any JSON value as readable text: `path.to.key: value` lines, plain lists on one line, long or many-lined texts as paragraphs, a blank
 * line between the objects of a list. Paths are cut to their last 120 characters, so the text is at most a multiple of the input.
 * @returns `undefined` when it is nested over 200 deep
 */
export function renderJson(value: unknown): string | undefined {
  const out: string[] = []
  if (!render(value, '', 0, out)) return undefined
  return out
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function render(value: unknown, path: string, depth: number, out: string[]): boolean {
  if (depth > MAX_JSON_DEPTH) return false
  if (typeof value !== 'object' || value === null) {
    renderPlain(value, path, out)
    return true
  }
  if (Array.isArray(value)) return renderList(value, path, depth, out)
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') continue
    if (!render(item, (path === '' ? key : `${path}.${key}`).slice(-MAX_PATH), depth + 1, out)) return false
  }
  return true
}

function renderPlain(value: unknown, path: string, out: string[]): void {
  if (value === null || value === undefined || value === '') return
  const text = shown(value)
  const isLong = text.length > LONG || text.includes('\n')
  if (isLong) out.push(path === '' ? `\n${text}\n` : `\n${path}:\n${text}\n`)
  else out.push(path === '' ? text : `${path}: ${text}`)
}

/** A number as it was written. */
function shown(value: unknown): string {
  return (typeof value === 'string' ? writtenNumber(value) : undefined) ?? String(value)
}

function renderList(list: readonly unknown[], path: string, depth: number, out: string[]): boolean {
  const isPlain = list.every((item) => typeof item !== 'object' || item === null)
  if (isPlain && path !== '') {
    renderPlain(
      list
        .filter((item) => item !== null && item !== '')
        .map(shown)
        .join(', '),
      path,
      out,
    )
    return true
  }
  for (const item of list) {
    if (!render(item, path, depth + 1, out)) return false
    if (typeof item === 'object') out.push('')
  }
  return true
}
