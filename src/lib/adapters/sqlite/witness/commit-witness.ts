import type {CommitWitness} from '../../../ports/store/commit-witness.js'
import type {Connection} from '../connection.js'
import {mapSqliteError} from '../errors.js'
import {findLoss, passWitnessed, type Witnessed} from './commit-count.js'
import {readLogFrames} from './log-frames.js'
import {holdsPages} from './log-pages.js'
import {readCorpora, readHead} from './witness-file.js'
import type {CopiedLog} from './witness-records.js'

/** What the witness of the database at `path` tells; to be read before the database, which others may write meanwhile. */
export function readWitnessed(path: string): Witnessed | undefined {
  const head = readHead(path)
  if (!head) return undefined
  const {latest, copying} = head
  return {latest, corpora: () => readCorpora(path), isTorn: copying !== undefined && isTorn(path, copying)}
}

/**
 * Whether the log that was being copied to the database is not all there, and the copying has not come to its end. One that has begun anew
 * was copied before; so was one that another program has taken away when it closed the database.
 */
function isTorn(path: string, {salts, frames, pageBytes, pages}: CopiedLog): boolean {
  const found = readLogFrames(`${path}-wal`)
  const isGone = !found || (found.salts === salts ? found.frames < frames : found.frames === 0)
  return isGone && !holdsPages(path, pageBytes, pages)
}

/**
 * What was lost is found when the store is opened: from then on SQLite itself keeps the log. A database that can't answer is closed.
 * @throws RagError STORE_DAMAGED | STORE_UNUSABLE
 */
export function commitWitness(on: Connection, witnessed: Witnessed | undefined): CommitWitness {
  let lost = witnessed && lossIn(on, witnessed)
  return {
    lostCommits: () => Promise.resolve(lost),
    async acceptLoss() {
      const accepted = lost
      if (accepted && witnessed) await on.write(() => passWitnessed(on, witnessed))
      lost = undefined
      return accepted
    },
  }
}

function lossIn(on: Connection, witnessed: Witnessed): ReturnType<typeof findLoss> {
  try {
    return findLoss(on, witnessed)
  } catch (error) {
    on.close()
    throw mapSqliteError(error, on.path)
  }
}
