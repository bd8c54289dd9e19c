import type {DamagedRowsMended, StoreVerifier} from '../../../ports/store/store-verifier.js'
import {CHECKED_COLUMNS, CHECKED_TABLES, type CheckedTable} from '../checksums/checked-tables.js'
import {setting} from '../checksums/checked-writes.js'
import {checkChecksums} from '../checksums/check-checksums.js'
import {beforeFlip} from '../checksums/flipped-bit.js'
import {columnKey, type Value} from '../checksums/row-checksum.js'
import type {Connection} from '../connection.js'
import {dropCounts} from '../documents/corpus-counts.js'
import {bumpVersion} from '../documents/corpus-table.js'

type ChecksumVerbs = Pick<StoreVerifier, 'checkedTables' | 'checkChecksums' | 'mendDamagedRows'>

export function checksumVerifier(on: Connection): ChecksumVerbs {
  return {
    checkedTables: () =>
      on.read(() =>
        CHECKED_TABLES.map((table) => ({
          table,
          last: (on.sql<number>(`SELECT max(rowid) FROM ${table}`).pluck().get() as number | null) ?? 0,
        })),
      ),
    checkChecksums: (table, page) => on.read(() => checkChecksums(on, table as CheckedTable, page)),
    mendDamagedRows: (lease) => on.writeStore(lease, () => mendDamagedRows(on)),
  }
}

/** The work of `StoreVerifier.mendDamagedRows`, inside its transaction. */
function mendDamagedRows(on: Connection): DamagedRowsMended {
  const mended = {flipped: 0, vectorsRemoved: 0, segmentsRemoved: 0, documentsMarked: 0, left: [] as string[]}
  const unread = new Set<number>()
  for (const table of CHECKED_TABLES)
    for (const row of checkChecksums(on, table, {after: Number.MIN_SAFE_INTEGER, limit: -1}).damaged) {
      if (unflip(on, table, row)) mended.flipped++
      else if (table === 'vectors') mended.vectorsRemoved += remove(on, table, row)
      else if (table === 'segments' || table === 'segment_drafts')
        mended.segmentsRemoved += remove(on, table, row)
      else {
        mended.left.push(`${table} ${row}`)
        if (table === 'documents') unread.add(row)
        if (table === 'chunks') unread.add(documentOf(on, row))
      }
    }
  for (const id of unread) mended.documentsMarked += on.sql(MARK_UNREAD).run({id}).changes
  for (const id of on.sql<number>('SELECT id FROM corpora').pluck().all() as number[]) {
    dropCounts(on, id)
    bumpVersion(on, id)
  }
  return mended
}

/** The next ingest reads such a document anew, whatever it finds of its file. */
const MARK_UNREAD = `UPDATE documents SET ${setting('documents', {
  doc_hash: "''",
  source_size_bytes: 'NULL',
  source_mtime_ms: 'NULL',
  source_sha256: 'NULL',
})} WHERE id = $id`

function remove(on: Connection, table: CheckedTable, row: number): number {
  return on.sql(`DELETE FROM ${table} WHERE rowid = ?`).run(row).changes
}

function documentOf(on: Connection, chunk: number): number {
  return on.sql<number>('SELECT document_id FROM chunks WHERE id = ?').pluck().get(chunk) as number
}

/** Sets the flipped bit of a row right. False when it is not one, or the row can't be as it says. */
function unflip(on: Connection, table: CheckedTable, row: number): boolean {
  const columns = CHECKED_COLUMNS[table]
  const asStored = columns.map(
    (it) => `CASE typeof(${it}) WHEN 'text' THEN CAST(${it} AS BLOB) ELSE ${it} END, typeof(${it}) = 'text'`,
  )
  const stored = on
    .sql<Value[]>(`SELECT ${asStored.join(', ')}, checksum FROM ${table} WHERE rowid = ?`)
    .raw()
    .get(row) as Value[]
  const before = beforeFlip({
    keys: columns.map((column) => columnKey(table, column)),
    values: columns.map((_, i) => stored[2 * i]!),
    isText: columns.map((_, i) => stored[2 * i + 1] === 1),
    checksum: stored.at(-1) as number,
  })
  if (!before) return false
  const column = before.place === 'checksum' ? 'checksum' : columns[before.place]!
  try {
    on.sql(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(before.value, row)
    return true
  } catch (error) {
    // Another row has its place: then it was not this flip.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT'))
      return false
    throw error
  }
}
