import {parseJson} from '../../lib/index.js'
/** A query of a `--queries` file. */
export interface FileQuery {
  readonly kind: 'query'
  readonly id: string
  readonly text: string
}

/** A line that is no query, and why. */
export interface BadQuery {
  readonly kind: 'bad'
  readonly line: number
  readonly why: string
}

/**
 * Reads the queries of a file: a query a line, or JSONL `{"_id"?, "text"}` (a line that begins with `{`).
 * A query without an id has its line number, counted from 1. Bad lines keep their place in the order.
 */
export function readQueries(content: string): readonly (FileQuery | BadQuery)[] {
  const lines = content.split('\n')
  if (lines.at(-1) === '') lines.pop() // The end of the last line is not another one.
  return lines.map((raw, i) => readLine(raw.trim(), i + 1))
}

function readLine(line: string, number: number): FileQuery | BadQuery {
  if (line === '') return {kind: 'bad', line: number, why: 'the line is empty'}
  if (!line.startsWith('{')) return {kind: 'query', id: String(number), text: line}
  let value: Readonly<Record<string, unknown>>
  try {
    value = parseJson(line) as Readonly<Record<string, unknown>>
  } catch {
    return {kind: 'bad', line: number, why: 'it begins with "{" but is not JSON'}
  }
  const text = value['text'] ?? value['query']
  if (typeof text !== 'string' || text.trim() === '') {
    return {kind: 'bad', line: number, why: 'it has no "text", or an empty one'}
  }
  const id = value['_id'] ?? value['id'] ?? value['query_id'] ?? number
  return {kind: 'query', id: String(id), text}
}
