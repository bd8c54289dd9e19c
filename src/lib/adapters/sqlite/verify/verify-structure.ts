import type {StructureReport} from '../../../ports/store/store-verifier.js'
import type {Connection} from '../connection.js'
import {schemaFaults} from '../schema/schema-faults.js'

const MOST_LINES = 20

/** The schema against that of the migrations, and SQLite's own checks; since 3.44 `integrity_check` runs those of FTS5 tables too. */
export function checkStructure(on: Connection): StructureReport {
  forgetKeywordSegments(on)
  const lines = (on.db.pragma(`integrity_check(${MOST_LINES})`) as {integrity_check: string}[]).map(
    (row) => row.integrity_check,
  )
  const faults: string[] = [...schemaFaults(on.db)]
  const keywords: {corpusId: number; fault: string}[] = []
  for (const line of lines) {
    if (line === 'ok') continue
    const corpusId = /FTS5 table [^ ]*\bkeywords_(\d+)\b/.exec(line)?.[1]
    if (corpusId === undefined) faults.push(line)
    else keywords.push({corpusId: Number(corpusId), fault: line})
  }
  const broken = on.db.pragma('foreign_key_check') as {table: string; parent: string}[]
  const counts = new Map<string, {table: string; parent: string; count: number}>()
  for (const {table, parent} of broken) {
    const key = `${table} ${parent}`
    counts.set(key, {table, parent, count: (counts.get(key)?.count ?? 0) + 1})
  }
  return {faults, keywords, references: [...counts.values()]}
}

/**
 * FTS5 keeps in memory which segments an index has, and its check does not look whether others have merged them since: they then seem to be
 * missing. A query looks. Inside the transaction of the check.
 */
function forgetKeywordSegments(on: Connection): void {
  const tables = on
    .sql<string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'`)
    .pluck()
    .all() as string[]
  for (const table of tables)
    try {
      on.db.prepare(`SELECT 1 FROM "${table}" WHERE "${table}" MATCH 'a' LIMIT 1`).get()
    } catch {
      // What is wrong with it the check tells.
    }
}
