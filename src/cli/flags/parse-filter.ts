import type {Filter} from '../../lib/index.js'
import {badFilter} from '../../lib/model/errors/request/command-line.js'

/** Parses `FIELD OP VALUE`, OP being the first of `=`, `!=`, `<`, `<=`, `>`, `>=`. @throws RagError USAGE */
export function parseFilter(raw: string): Filter {
  const at = raw.search(/[=!<>]/)
  const op = /^(!=|<=|>=|=|<|>)/.exec(raw.slice(at))?.[0]
  const field = raw.slice(0, at).trim()
  if (at < 1 || op === undefined || field === '') throw badFilter(raw)
  return {field, op: op as Filter['op'], value: raw.slice(at + op.length).trim()}
}
