import type BetterSqlite3 from 'better-sqlite3'
import type {Database} from 'better-sqlite3'
import {copyInterrupted} from '../../../model/errors/program/interruption.js'
import {nextTurn} from '../../../kernel/next-turn.js'
import type {PageCopying} from '../../../ports/store/store-snapshots.js'
import {addChecksumFunctions} from '../checksums/checksum-functions.js'
import {checkChecksums} from '../checksums/check-checksums.js'
import {CHECKED_TABLES, type CheckedTable} from '../checksums/checked-tables.js'
import type {Connection} from '../connection.js'
import {harden} from '../schema/harden.js'
import {schemaFaults} from '../schema/schema-faults.js'
import {checkTexts} from '../verify/verify-content.js'

/** Little enough to show progress and be interrupted, large enough to cost nothing. */
const STEP_BYTES = 8 * 1024 ** 2

/**
 * Copies all pages of an open database to a file: a new one, or a database that is replaced in one transaction.
 * @returns false when the file is locked by another process
 */
export async function copyPages(
  from: Database,
  to: string,
  {onBytes, signal}: PageCopying,
): Promise<boolean> {
  const pageBytes = from.pragma('page_size', {simple: true}) as number
  const {totalPages} = await from.backup(to, {
    progress: ({totalPages: all, remainingPages: left}) => {
      if (signal?.aborted) throw copyInterrupted()
      onBytes?.((all - left) * pageBytes, all * pageBytes)
      return Math.ceil(STEP_BYTES / pageBytes)
    },
  })
  // A database has a page at least: the driver takes one that it can't lock for one without any.
  return totalPages > 0
}

/** What is wrong with a database, in words, the most telling first: its schema, pages, indexes, keyword indexes, rows without a parent. */
export function faultsOf(db: Database): readonly string[] {
  const schema = schemaFaults(db)
  if (schema.length > 0) return schema
  const lines = db.pragma('integrity_check(20)') as {integrity_check: string}[]
  const integrity = lines.map((line) => line.integrity_check).filter((line) => line !== 'ok')
  if (integrity.length > 0) return integrity
  const keys = db.pragma('foreign_key_check') as {table: string; rowid: number; parent: string}[]
  return keys
    .slice(0, 20)
    .map((key) => `row ${key.rowid} of ${key.table} names a row of ${key.parent} that is not there`)
}

/** Passages compared in one go: some tens of milliseconds. */
const PAGE = 2000

/** Passages that their hashes don't fit, as `CORPUS: DOCUMENT#c0001`; of very many, the first of each page. @throws RagError INTERRUPTED */
export async function damagedTexts(on: Connection, {signal}: Pick<PageCopying, 'signal'>): Promise<string[]> {
  const damaged: string[] = []
  const corpora = on.sql<{id: number; name: string}>('SELECT id, name FROM corpora ORDER BY name').all()
  for (const {id, name} of corpora)
    for (let after = 0; ;) {
      const page = checkTexts(on, id, {after, limit: PAGE})
      for (const {examples} of page.faults) damaged.push(...examples.map((chunk) => `${name}: ${chunk}`))
      if (page.checked < PAGE) break
      after = page.last
      // Signals and timers get their turn.
      await nextTurn()
      if (signal?.aborted) throw copyInterrupted()
    }
  for (const table of CHECKED_TABLES) damaged.push(...(await damagedRows(on, table, signal)))
  return damaged
}

/** Rows that their checksums don't fit, as `TABLE KEY`. */
async function damagedRows(
  on: Connection,
  table: CheckedTable,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const damaged: string[] = []
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const page = checkChecksums(on, table, {after, limit: PAGE})
    damaged.push(...page.damaged.map((row) => `${table} ${row}`))
    if (page.checked < PAGE || page.last <= after) return damaged
    after = page.last
    await nextTurn()
    if (signal?.aborted) throw copyInterrupted()
  }
}

/** Opens a copy that nobody else has open. */
export function openCopyOf(
  Driver: typeof BetterSqlite3,
  path: string,
  options: {readonly readonly: boolean},
): Database {
  const db = new Driver(path, {...options, fileMustExist: true})
  harden(db)
  db.pragma('cache_size = -32000')
  addChecksumFunctions(db)
  return db
}
