import {resolve} from 'node:path'
import {ReplayState, type DoneFile} from './replay-state.js'
import type {ReplayedFile} from './replay-file.js'
import type {CorpusName} from '../model/names.js'
import type {Services} from '../ports/services.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import {waitFor} from '../kernel/wait-for.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'clock' | 'dataDir' | 'files' | 'waitMs'>

/** The state of a call, or of none: then every file is due and nothing is kept. */
export interface OpenState {
  readonly notes: readonly string[]
  due(paths: readonly string[]): Promise<readonly string[]>
  /** Whether a file of that name and size was done, though it may be gone since. */
  hadDone(file: {readonly name: string; readonly size: number}): boolean
  add(files: readonly ReplayedFile[]): Promise<void>
}

export async function openReplayState(
  {files}: Pick<Services, 'files'>,
  path: string | undefined,
  how?: {readonly readOnly: boolean},
): Promise<OpenState> {
  if (path === undefined)
    return {
      notes: [],
      due: (paths) => Promise.resolve(paths),
      hadDone: () => false,
      add: () => Promise.resolve(),
    }
  const texts = await files.textFiles()
  const state = await ReplayState.open({texts, path, absolute: (name) => resolve(name)}, how)
  return {
    notes: state.notes,
    due: async (paths) => {
      const batches = await files.batchFiles()
      const due: string[] = []
      for (const name of paths) {
        const file = await factsOf(batches, name)
        if (!file || !state.has(file)) due.push(name)
      }
      return due
    },
    hadDone: (file) => state.hadDone(file),
    add: (files) => state.add(files.map(({file: name, sizeBytes: size, mtimeMs}) => ({name, size, mtimeMs}))),
  }
}

/** Undefined for a file that is gone or can't be read, which is told when it is loaded. */
async function factsOf(files: BatchFiles, name: string): Promise<DoneFile | undefined> {
  try {
    const file = await files.open(name)
    const {sizeBytes: size, mtimeMs} = file
    await file.close()
    return {name, size, mtimeMs}
  } catch {
    return undefined
  }
}

interface StateUse {
  readonly path: string | undefined
  readonly corpus: CorpusName
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs `work` while no process uses the state file for another corpus, or another store: what is done for one is not done for the other.
 * @throws RagError STATE_HELD when one does and does not end within the environment's `waitMs` | STORE_UNUSABLE
 */
export async function withStateFile<T>(
  services: Needs,
  {path, corpus, signal}: StateUse,
  work: () => Promise<T>,
): Promise<T> {
  if (path === undefined) return work()
  const {files, dataDir} = services
  const [users, dir] = await Promise.all([files.users(), files.realPath(dataDir)])
  const owner = {key: `${dir}\0${corpus}`, name: `corpus "${corpus}" in ${dir}`}
  const use = await waitFor(services, 'STATE_HELD', () => users.take(path, owner), signal)
  try {
    return await work()
  } finally {
    use.release()
  }
}
