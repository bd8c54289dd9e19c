import type {Database} from 'better-sqlite3'

/**
 * Says to SQLite that a file may be somebody else's: what its schema holds may call no function with side effects, and cells are checked before they are
 * read. The driver opens every database in SQLite's defensive mode.
 */
export function harden(db: Database): void {
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
}
