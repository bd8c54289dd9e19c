import type {Filter} from '../../model/metadata.js'

/** A piece of SQL with its parameters, in order. */
export interface Clause {
  readonly sql: string
  readonly params: readonly (string | number)[]
}

const ALL: Clause = {sql: '1', params: []}
const NONE: Clause = {sql: '0', params: []}

const COLUMNS: Readonly<Record<string, string>> = {
  doc_id: 'd.doc_id',
  title: 'd.title',
  source: 'd.source',
  language: 'd.language',
}

/** Fields whose `=` and `!=` take a glob. */
const GLOBBED: ReadonlySet<string> = new Set(['doc_id', 'source'])

/** The filters as a condition on a row of documents (alias `d`). */
export function documentClause(filters: readonly Filter[]): Clause {
  return every(filters.map((filter) => oneFilter(filter, 'd.metadata')))
}

/**
 * The filters as a condition on a row of chunks (alias `c`). A chunk without metadata of its own passes when its document
 * does, which is worked out once for all documents and not once a chunk.
 */
export function chunkClause(corpusId: number, filters: readonly Filter[]): Clause {
  if (filters.length === 0) return ALL
  const document = documentClause(filters)
  const merged = every(filters.map((filter) => oneFilter(filter, 'json_patch(d.metadata, c.metadata)')))
  return {
    sql: `CASE WHEN c.metadata IS NULL
      THEN c.document_id IN (SELECT d.id FROM documents d WHERE d.corpus_id = ? AND ${document.sql})
      ELSE EXISTS (SELECT 1 FROM documents d WHERE d.id = c.document_id AND ${merged.sql}) END`,
    params: [corpusId, ...document.params, ...merged.params],
  }
}

function every(clauses: readonly Clause[]): Clause {
  if (clauses.length === 0) return ALL
  return {sql: clauses.map((c) => `(${c.sql})`).join(' AND '), params: clauses.flatMap((c) => c.params)}
}

function oneFilter(filter: Filter, metadata: string): Clause {
  const column = Object.hasOwn(COLUMNS, filter.field) ? COLUMNS[filter.field]! : undefined
  if (column !== undefined) return columnClause(filter, column)
  const path = jsonPath(filter.field)
  if (path === undefined) return filter.op === '!=' ? ALL : NONE
  const test = valueTest(filter)
  // json_each walks the members of a map, too, which are other fields.
  const found: Clause = {
    sql: `(json_type(${metadata}, ?) <> 'object' AND EXISTS (SELECT 1 FROM json_each(${metadata}, ?) e WHERE ${test.sql}))`,
    params: [path, path, ...test.params],
  }
  return filter.op === '!=' ? {sql: `${found.sql} IS NOT TRUE`, params: found.params} : found
}

function columnClause(filter: Filter, column: string): Clause {
  if (filter.op === '=' || filter.op === '!=') {
    const how = GLOBBED.has(filter.field) ? 'GLOB' : '='
    return {sql: `${filter.op === '!=' ? 'NOT ' : ''}${column} ${how} ?`, params: [filter.value]}
  }
  return {sql: `${column} ${filter.op} ?`, params: [filter.value]}
}

/**
 * Holds for one JSON value `e`: numbers compare with numbers, texts with texts; `true`, `false` and `null` only equal their
 * name. `!=` is tested as `=` and turned round by the caller.
 */
function valueTest({op: asked, value}: Filter): Clause {
  const op = asked === '!=' ? '=' : asked
  const isName = op === '=' ? `WHEN e.type IN ('true', 'false', 'null') THEN e.type = ?` : ''
  const names = op === '=' ? [value] : []
  if (!NUMBER.test(value))
    return {
      sql: `CASE ${isName} WHEN e.type = 'text' THEN e.value ${op} ? ELSE 0 END`,
      params: [...names, value],
    }
  return {
    sql: `CASE ${isName} WHEN e.type = 'text' THEN e.value ${op} ?
      WHEN e.type IN ('integer', 'real') THEN e.value ${op} ? ELSE 0 END`,
    params: [...names, value, Number(value)],
  }
}

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/

/** `a.b` → `$."a"."b"`; nothing for keys that a JSON path can't name. */
function jsonPath(field: string): string | undefined {
  const keys = field.split('.')
  if (keys.some((key) => key === '' || /["\\\u0000-\u001f]/.test(key))) return undefined
  return `$${keys.map((key) => `."${key}"`).join('')}`
}
