import {batchTooLate} from '../../model/errors/files/exported-batch.js'
import type {RagError} from '../../model/errors/rag-error.js'
import type {BatchFiles} from '../../ports/files/batch-files.js'
import {inRunOrder, laterThan, type StandingBatch} from './export-standing.js'
import type {ReplayedExports, TakenBefore} from './replayed-exports.js'

/** What of the files of a call is to be taken, in this order, and what is not. */
export interface DueBatches {
  readonly paths: readonly string[]
  readonly refused: ReadonlyMap<string, RagError>
}

interface Surroundings {
  readonly files: Pick<BatchFiles, 'stat'>
  readonly exports: ReplayedExports
  readonly before: TakenBefore
}

/**
 * Batches that were gathered are taken in the order of their runs. One that comes late, after batches of later runs were taken, has these
 * taken again after it; where one of them is gone it is refused: it would put older documents in place of newer ones.
 */
export async function dueBatches(
  {files, exports, before}: Surroundings,
  due: readonly string[],
): Promise<DueBatches> {
  const absolute = (path: string): string => exports.absolute(path)
  const own = new Set(due.map(absolute))
  const refused = new Map<string, RagError>()
  let paths = due
  for (const standing of await exports.standings(due, [], before)) {
    if (!standing.manifest.runs) continue
    const again: string[] = []
    let gone: StandingBatch | undefined
    for (const batch of laterThan(standing, own))
      if (await files.stat(batch.path)) again.push(batch.path)
      else if (!gone || batch.run! > gone.run!) gone = batch
    const placeOf = new Map(inRunOrder(standing.batches).map((batch, at) => [batch.path, {...batch, at}]))
    for (const path of due) {
      const {run = Infinity} = placeOf.get(absolute(path)) ?? {}
      if (gone && run < gone.run!) refused.set(path, batchTooLate(path, gone.path))
    }
    paths = ordered([...paths, ...again], (path) => placeOf.get(absolute(path))?.at)
  }
  return {paths: paths.filter((path) => !refused.has(path)), refused}
}

/** Those that have a rank, in its order, in the places that they have together; the others stay where they are. */
function ordered(paths: readonly string[], rankOf: (path: string) => number | undefined): readonly string[] {
  const ranked = paths.filter((path) => rankOf(path) !== undefined).sort((a, b) => rankOf(a)! - rankOf(b)!)
  let at = 0
  return paths.map((path) => (rankOf(path) === undefined ? path : ranked[at++]!))
}
