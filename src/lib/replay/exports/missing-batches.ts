import type {MissingBatch, ReplayRequest} from '../../model/operations/replay.js'
import type {Services} from '../../ports/services.js'
import {missingIn} from './export-standing.js'
import {openExports} from './replayed-exports.js'
import {takenBefore} from './taken-before.js'
import {openReplayState} from '../use-replay-state.js'

/** Batches that the manifests beside these paths name, that are not there and were not taken before. Nothing is written. */
export async function missingBatches(
  services: Pick<Services, 'digest' | 'files'>,
  {stateFile, archive, taken}: Pick<ReplayRequest, 'archive' | 'stateFile' | 'taken'>,
  paths: readonly string[],
): Promise<readonly MissingBatch[]> {
  const files = await services.files.batchFiles()
  const exports = await openExports(services)
  const state = await openReplayState(services, stateFile, {readOnly: true})
  const before = takenBefore(files, state, {archive: archive?.dir, taken})
  return missingIn(await exports.standings(paths, [], before)).map(({path: file, records}) => ({
    file,
    records,
  }))
}
