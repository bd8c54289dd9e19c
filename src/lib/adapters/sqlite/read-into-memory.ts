import {readFileSync, statSync} from 'node:fs'

/** A larger database is not read into memory. */
const MOST_BYTES = 1024 * 1024 * 1024

/** Places in the header of an SQLite file that say whether it is written with a write-ahead log (2) or without (1). */
const LOG_MARKS = [18, 19]

/**
 * The bytes of a database for a reader that may not write beside it (a read-only disk, another user's folder), where SQLite
 * can't open one that uses a write-ahead log. Nothing when the log holds something, the file is being written, or is too large.
 */
export function readIntoMemory(path: string): Buffer | undefined {
  const before = stateOf(path)
  if (before === undefined) return undefined
  const bytes = readFileSync(path)
  if (bytes.length < 100 || stateOf(path) !== before) return undefined
  for (const mark of LOG_MARKS) bytes[mark] = 1
  return bytes
}

/** What must be the same before and after the reading. */
function stateOf(path: string): string | undefined {
  const {size, mtimeMs, ino} = statSync(path)
  const logged = statSync(`${path}-wal`, {throwIfNoEntry: false})?.size ?? 0
  return logged > 0 || size > MOST_BYTES ? undefined : `${ino} ${size} ${mtimeMs}`
}
