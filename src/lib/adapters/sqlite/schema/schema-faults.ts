import type BetterSqlite3 from 'better-sqlite3'
import type {Database} from 'better-sqlite3'
import {storeNotOurs} from '../../../model/errors/store/store.js'
import {addChecksumFunctions} from '../checksums/checksum-functions.js'
import {createKeywordIndex} from '../keywords/keyword-table.js'
import {migrateTo, storeFormat} from '../migrate.js'

interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly sql: string | null
}

/** Tables that SQLite makes by itself. */
const OF_SQLITE = ['sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4']
const KEYWORDS = /^keywords_\d+(?:_next)?(?:_(?:data|idx|docsize|config))?$/

/**
 * What the schema of a database has that the migrations up to its format do not make, or lacks or has otherwise, in words: a trigger, say,
 * that would run with every write.
 */
export function schemaFaults(db: Database): readonly string[] {
  const expected = new Map(expectedSchema(db).map((row) => [keyOf(row), textOf(row)]))
  const faults: string[] = []
  const seen = new Set<string>()
  for (const row of rowsOf(db)) {
    const key = keyOf(row)
    const wanted = expected.get(key)
    seen.add(key)
    if (wanted === undefined) faults.push(`the ${row.type} ${shown(row.name)} is not made by rag`)
    else if (wanted !== textOf(row)) faults.push(`the ${row.type} ${shown(row.name)} is not as rag makes it`)
  }
  for (const row of expectedSchema(db))
    if (!seen.has(keyOf(row)) && !KEYWORDS.test(row.name))
      faults.push(`the ${row.type} ${row.name} is missing`)
  return faults
}

/**
 * Before a store is written: no trigger may run and no view may stand in the place of a table. The store itself has neither.
 * @throws RagError STORE_DAMAGED
 */
export function refuseTriggers(db: Database, path: string): void {
  const found = db
    .prepare<[], Pick<SchemaRow, 'type' | 'name'>>(
      "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view') LIMIT 1",
    )
    .get()
  if (found) throw storeNotOurs(path, `${found.type} ${shown(found.name)}`)
}

function expectedSchema(db: Database): readonly SchemaRow[] {
  const fresh = new (db.constructor as typeof BetterSqlite3)(':memory:')
  try {
    addChecksumFunctions(fresh)
    migrateTo(fresh, storeFormat(db))
    createKeywordIndex(fresh, 1)
    return rowsOf(fresh)
  } finally {
    fresh.close()
  }
}

function rowsOf(db: Database): readonly SchemaRow[] {
  return db
    .prepare<[], SchemaRow>('SELECT type, name, sql FROM sqlite_schema')
    .all()
    .filter(
      ({type, name, sql}) =>
        !(type === 'table' && OF_SQLITE.includes(name)) && !(type === 'index' && sql === null),
    )
}

/** Keyword indexes are as many as there are corpora. */
const keyOf = ({type, name}: SchemaRow): string => `${type} ${KEYWORDS.test(name) ? generic(name) : name}`

/** A table that was renamed has its name in quotes. */
const textOf = ({name, sql}: SchemaRow): string =>
  generic((sql ?? '').replaceAll(`"${name}"`, name).replaceAll(`'${name}'`, name)).replaceAll(/\s+/g, ' ')

const generic = (text: string): string => text.replaceAll(/\bkeywords_\d+(?:_next)?(?=_|\b)/g, 'keywords_1')

const shown = (name: string): string => JSON.stringify(name.slice(0, 80))
