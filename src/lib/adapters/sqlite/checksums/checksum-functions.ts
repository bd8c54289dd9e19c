import type {Database} from 'better-sqlite3'
import {columnKey, columnTerm, type Value} from './row-checksum.js'

/**
 * Gives a connection the functions that its statements use:
 * `carry_checksum(checksum, key, old, new, …)`: a checksum after columns were changed;
 * `row_checksum(table, column, value, …)`: that of a whole row.
 */
export function addChecksumFunctions(db: Database): void {
  const options = {deterministic: true, directOnly: true, varargs: true}
  db.function('carry_checksum', options, (checksum: number, ...changes: Value[]) => {
    let sum = checksum
    for (let i = 0; i < changes.length; i += 3) {
      const key = changes[i] as number
      sum = (sum - columnTerm(key, changes[i + 1]!) + columnTerm(key, changes[i + 2]!)) | 0
    }
    return sum
  })
  db.function('row_checksum', options, (table: string, ...columns: Value[]) => {
    let sum = 0
    for (let i = 0; i < columns.length; i += 2)
      sum += columnTerm(columnKey(table, columns[i] as string), columns[i + 1]!)
    return sum | 0
  })
}
