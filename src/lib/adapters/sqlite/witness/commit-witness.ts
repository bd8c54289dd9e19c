import type {CommitWitness} from '../../../ports/store/commit-witness.js'
import type {Connection} from '../connection.js'
import {mapSqliteError} from '../errors.js'
import {findLoss, passWitnessed, type Witnessed} from './commit-count.js'
import {readCorpora, readLatest} from './witness-file.js'

/** What the witness of the database at `path` tells; to be read before the database, which others may write meanwhile. */
export function readWitnessed(path: string): Witnessed | undefined {
  const latest = readLatest(path)
  return latest && {latest, corpora: () => readCorpora(path)}
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
