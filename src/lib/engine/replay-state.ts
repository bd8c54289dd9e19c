import {resolve} from 'node:path'
import {ReplayState, type DoneFile} from '../artifacts/replay/replay-state.js'
import type {ReplayedFile} from '../artifacts/replay/replay-file.js'
import type {CorpusName} from '../model/names.js'
import type {Environment} from './environment.js'
import {batchFilesOf, textFilesOf} from './replay-tools.js'
import {waitFor} from './wait-for.js'

/** The state of a call, or of none: then every file is due and nothing is kept. */
export interface OpenState {
  readonly notes: readonly string[]
  due(paths: readonly string[]): Promise<readonly string[]>
  add(files: readonly ReplayedFile[]): Promise<void>
}

export async function openReplayState(path: string | undefined): Promise<OpenState> {
  if (path === undefined)
    return {notes: [], due: (paths) => Promise.resolve(paths), add: () => Promise.resolve()}
  const state = await ReplayState.open({texts: await textFilesOf(), path, absolute: (name) => resolve(name)})
  return {
    notes: state.notes,
    due: async (paths) => {
      const due: string[] = []
      for (const name of paths) {
        const file = await looksOf(name)
        if (!file || !state.has(file)) due.push(name)
      }
      return due
    },
    add: (files) => state.add(files.map(({file: name, sizeBytes: size, mtimeMs}) => ({name, size, mtimeMs}))),
  }
}

/** Undefined for a file that is gone or can't be read, which is told when it is loaded. */
async function looksOf(name: string): Promise<DoneFile | undefined> {
  const files = await batchFilesOf()
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
  env: Environment,
  {path, corpus, signal}: StateUse,
  work: () => Promise<T>,
): Promise<T> {
  if (path === undefined) return work()
  const [{sqliteFileUsers}, {realPath}, {nodeFileOperations}] = await Promise.all([
    import('../adapters/sqlite/file-users.js'),
    import('../adapters/files/real-path.js'),
    import('../adapters/files/file-operations.js'),
  ])
  const users = sqliteFileUsers(env.processes, env.clock)
  const dir = await realPath(nodeFileOperations, env.dataDir)
  const owner = {key: `${dir}\0${corpus}`, name: `corpus "${corpus}" in ${dir}`}
  const use = await waitFor(env, 'STATE_HELD', () => users.take(path, owner), signal)
  try {
    return await work()
  } finally {
    use.release()
  }
}
