import Database from 'better-sqlite3'
import {allDamagedRows} from '../../src/lib/adapters/sqlite/checksums/check-checksums.js'
import {Connection} from '../../src/lib/adapters/sqlite/connection.js'
import {FixedClock} from './fixed-clock.js'

/** Rows of a `rag.db` whose checksum is not that of their columns. */
export function damagedRows(file: string): string[] {
  const db = new Database(file, {fileMustExist: true})
  try {
    return damagedRowsIn(db)
  } finally {
    db.close()
  }
}

export function damagedRowsIn(db: Database.Database): string[] {
  return allDamagedRows(new Connection(db, new FixedClock()))
}
