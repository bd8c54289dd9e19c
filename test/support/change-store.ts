import type Database from 'better-sqlite3'
import {addChecksumFunctions} from '../../src/lib/adapters/sqlite/checksums/checksum-functions.js'
import {CHECKED_COLUMNS} from '../../src/lib/adapters/sqlite/checksums/checked-tables.js'
import {withDatabase} from './corpus-snapshot.js'

/** Changes rows of `rag.db` as the program would have written them: with checksums that fit. `withDatabase` leaves damage instead. */
export function changeStore<T>(dataDir: string, work: (db: Database.Database) => T): T {
  return withDatabase(dataDir, (db) => {
    const done = work(db)
    stampRows(db)
    return done
  })
}

/** Writes the checksums of all rows anew. */
export function stampRows(db: Database.Database): void {
  addChecksumFunctions(db)
  for (const [table, columns] of Object.entries(CHECKED_COLUMNS)) {
    const values = columns.map((column) => `'${column}', ${column}`).join(', ')
    db.exec(`UPDATE ${table} SET checksum = row_checksum('${table}', ${values})`)
  }
}
