import {setting} from '../checksums/checked-writes.js'
import type {Connection} from '../connection.js'
import {keywordTable} from './keyword-table.js'
import {readVarints, writeVarints} from '../vectors/varints.js'

/** FTS5's "averages record" is the row of `_data` with this id (`FTS5_AVERAGES_ROWID` in SQLite's ext/fts5/fts5_index.c). */
const AVERAGES_ID = 1
const COLUMNS = 2

/** The number of entries, then the number of terms of each column. BM25 takes its count and its mean length from them. */
type Totals = readonly bigint[]

/**
 * Takes entries out of a corpus's keyword index, and, once `settle` is called, out of its totals: FTS5 leaves those as they are
 * when a row of a contentless table is deleted (`fts5StorageContentlessDelete` in fts5_storage.c), and ranks as if it were there.
 * For the length of one transaction; `settle` comes last in it.
 */
export class KeywordRemovals {
  readonly #on: Connection
  readonly #corpusId: number
  #removed: Totals | undefined = NOTHING
  #count = 0

  constructor(on: Connection, corpusId: number) {
    this.#on = on
    this.#corpusId = corpusId
  }

  /** A chunk without an entry is passed over. */
  remove(chunkId: number): void {
    const table = keywordTable(this.#corpusId)
    const sizes = this.#on
      .sql<Buffer>(`SELECT sz FROM ${table}_docsize WHERE id = ?`)
      .pluck()
      .get(chunkId) as Buffer | undefined
    const {changes} = this.#on.sql(`DELETE FROM ${table} WHERE rowid = ?`).run(chunkId)
    if (sizes === undefined) return
    this.#count += changes
    const row = readVarints(sizes, COLUMNS)
    this.#removed = row && this.#removed && added(this.#removed, [1n, ...row])
  }

  /** Leaves the totals alone where they, or the removed entries', can't be read: nothing is kept from being deleted by that. */
  settle(): void {
    if (this.#count === 0) return
    const [on, corpusId] = [this.#on, this.#corpusId]
    on.sql(COUNT_REMOVED).run({count: this.#count, corpusId})
    const removed = this.#removed
    if (removed) {
      const totals = readTotals(on, corpusId)
      const left = totals?.map((total, i) => total - removed[i]!)
      if (left?.every((total) => total >= 0n)) writeTotals(on, corpusId, left)
    }
    this.#removed = NOTHING
    this.#count = 0
  }
}

const COUNT_REMOVED = `UPDATE corpora SET ${setting('corpora', {
  keywords_removed: 'keywords_removed + $count',
})} WHERE id = $corpusId`

const NOTHING: Totals = Array<bigint>(1 + COLUMNS).fill(0n)

/** True when the totals count as many entries as there are: they are then those of the entries, unless damaged. */
export function totalsCountEntries(on: Connection, corpusId: number): boolean {
  const entries = on
    .sql<number>(`SELECT count(*) FROM ${keywordTable(corpusId)}_docsize`)
    .pluck()
    .get() as number
  return readTotals(on, corpusId)?.[0] === BigInt(entries)
}

/**
 * Holds the totals against the sums of the entries' sizes, reading all of them. `stale`: they count more entries than there are,
 * as an earlier version of rag left them; `recountTotals` is then done by the next write.
 */
export function checkTotals(on: Connection, corpusId: number): 'right' | 'stale' | 'wrong' {
  const [kept, counted] = [readTotals(on, corpusId), countTotals(on, corpusId)]
  if (!kept || !counted) return 'wrong'
  if (kept.every((total, i) => total === counted[i])) return 'right'
  return kept[0]! > counted[0]! && kept.every((total, i) => total >= counted[i]!) ? 'stale' : 'wrong'
}

/** Writes the totals anew, of the entries' sizes. False, and nothing written, when those can't be read. */
export function recountTotals(on: Connection, corpusId: number): boolean {
  const counted = countTotals(on, corpusId)
  if (counted) writeTotals(on, corpusId, counted)
  return counted !== undefined
}

function countTotals(on: Connection, corpusId: number): Totals | undefined {
  const rows = on
    .sql<{sz: Buffer; count: number}>(
      `SELECT sz, count(*) AS count FROM ${keywordTable(corpusId)}_docsize GROUP BY sz`,
    )
    .iterate()
  let totals: Totals = NOTHING
  for (const {sz, count} of rows) {
    const row = readVarints(sz, COLUMNS)
    if (!row) return undefined
    const times = BigInt(count)
    totals = added(totals, [times, ...row.map((size) => size * times)])
  }
  return totals
}

const added = (one: Totals, other: Totals): Totals => one.map((total, i) => total + other[i]!)

function readTotals(on: Connection, corpusId: number): Totals | undefined {
  flush(on)
  const block = on
    .sql<Buffer>(`SELECT block FROM ${keywordTable(corpusId)}_data WHERE id = ${AVERAGES_ID}`)
    .pluck()
    .get() as Buffer | undefined
  // A table that never held an entry.
  if (block?.length === 0) return NOTHING
  return block && readVarints(block, 1 + COLUMNS)
}

/** The database lets nobody write FTS5's tables but FTS5: that is off for this one statement. */
function writeTotals(on: Connection, corpusId: number, totals: Totals): void {
  flush(on)
  const block = totals.every((total) => total === 0n) ? Buffer.alloc(0) : writeVarints(totals)
  on.db.unsafeMode(true)
  try {
    on.sql(`UPDATE ${keywordTable(corpusId)}_data SET block = ? WHERE id = ${AVERAGES_ID}`).run(block)
  } finally {
    on.db.unsafeMode(false)
  }
}

/** A savepoint makes FTS5 write what it holds in memory, its totals among it, and read them anew afterwards. */
function flush(on: Connection): void {
  if (!on.db.inTransaction || on.db.readonly) return
  on.sql('SAVEPOINT keyword_totals').run()
  on.sql('RELEASE keyword_totals').run()
}
