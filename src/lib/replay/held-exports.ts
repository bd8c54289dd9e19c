import {basename, join} from 'node:path'
import {setIncomplete} from '../model/errors/files/exported-batch.js'
import type {MissingBatch, ReplayRequest} from '../model/operations/replay.js'
import type {Services} from '../ports/services.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import {deletionsOf, missingIn, unnamedIn, type StandingBatch} from './export-standing.js'
import type {ReplayedFile} from './replay-file.js'
import {ReplayedExports, type TakenBefore} from './replayed-exports.js'
import {openReplayState, type OpenState} from './use-replay-state.js'

interface Known {
  readonly files: Pick<BatchFiles, 'stat'>
  readonly state: Pick<OpenState, 'hadDone'>
  readonly request: Pick<ReplayRequest, 'archive' | 'taken'>
}

/** By the state file, by what the caller says, or because it lies in the archive: packed there or not, content has names of its own. */
export function takenBefore({files, state, request}: Known): TakenBefore {
  const {archive, taken} = request
  return async (path, {file, size_bytes: size}) => {
    if (taken?.has(path) || state.hadDone({name: path, size})) return true
    if (!archive) return false
    const plain = await files.stat(join(archive.dir, basename(file)))
    return (
      plain?.sizeBytes === size || (await files.stat(join(archive.dir, `${basename(file)}.gz`))) !== undefined
    )
  }
}

export interface HeldAgainst {
  readonly exports: ReplayedExports
  /** All paths of the call, whether they are due or not. */
  readonly all: readonly string[]
  readonly before: TakenBefore
}

/** @throws RagError BATCH_MISSING when a batch of an export is not there */
export async function requireWholeSets({exports, all, before}: HeldAgainst): Promise<void> {
  const [first, ...others] = missingIn(await exports.standings(all, [], before))
  if (first) throw setIncomplete(first.path, first.records, others.length)
}

/** Batches that the manifests beside these paths name, that are not there and were not taken before. Nothing is written. */
export async function missingBatches(
  services: Pick<Services, 'digest' | 'files'>,
  request: ReplayRequest,
  paths: readonly string[],
): Promise<readonly MissingBatch[]> {
  const files = await services.files.batchFiles()
  const texts = await services.files.textFiles()
  const exports = new ReplayedExports({files, texts, digest: services.digest})
  const state = await openReplayState(services, request.stateFile, {readOnly: true})
  const standings = await exports.standings(paths, [], takenBefore({files, state, request}))
  return missingIn(standings).map(({path: file, records}) => ({file, records}))
}

/** What is known of the exports once the files of a call are done. */
export interface HeldExports {
  readonly missing: readonly StandingBatch[]
  /** Ids that the exports name as deleted, and that may go. */
  readonly deletions: readonly string[]
  readonly notes: readonly string[]
}

export async function holdAgainstExports(
  {exports, all, before}: HeldAgainst,
  {files, request}: {readonly files: readonly ReplayedFile[]; readonly request: Pick<ReplayRequest, 'taken'>},
): Promise<HeldExports> {
  const standings = await exports.standings(all, files, before)
  const unlabelled = files.filter(({file, isExported}) => isExported && !exports.isKnown(file)).length
  // Whoever takes batches as they come names the others later.
  const named = new Set(all.map((path) => exports.absolute(path)))
  const unnamed = request.taken ? 0 : unnamedIn(standings).filter(({path}) => !named.has(path)).length
  return {
    missing: missingIn(standings),
    deletions: standings.flatMap(deletionsOf),
    notes: [
      ...(unnamed > 0 ? [unnamedNote(unnamed)] : []),
      ...(unlabelled > 0 ? [unlabelledNote(unlabelled)] : []),
    ],
  }
}

const unnamedNote = (count: number): string =>
  `${count} more of the batches that manifest.json names lie beside those that were named here; they were not taken, and what their runs delete is kept. Name them too, or name those that were taken before in a --state-file.`

const unlabelledNote = (count: number): string =>
  `${count} of the batches were written by rag export, and no manifest.json lies beside them: whether a batch is missing, and which documents were deleted, can't be told. Copy the whole folder.`
