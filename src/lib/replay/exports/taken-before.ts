import {basename, join} from 'node:path'
import type {BatchFiles} from '../../ports/files/batch-files.js'
import type {TakenBefore} from './replayed-exports.js'
import type {OpenState} from '../use-replay-state.js'

/** Where else than in the state file batches may show as taken. */
export interface Elsewhere {
  /** Folder that files are moved to when they are done. */
  readonly archive?: string | undefined
  /** Paths that the caller knows to be taken. */
  readonly taken?: ReadonlySet<string> | undefined
}

/** By the state file, by what the caller says, or because it lies in the archive: packed there or not, content has names of its own. */
export function takenBefore(
  files: Pick<BatchFiles, 'stat'>,
  state: Pick<OpenState, 'hadDone'>,
  {archive, taken}: Elsewhere,
): TakenBefore {
  return async (path, {file, size_bytes: size}) => {
    if (taken?.has(path) || state.hadDone({name: path, size})) return true
    if (archive === undefined) return false
    const plain = await files.stat(join(archive, basename(file)))
    return (
      plain?.sizeBytes === size || (await files.stat(join(archive, `${basename(file)}.gz`))) !== undefined
    )
  }
}
