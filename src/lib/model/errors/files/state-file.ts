import {RagError} from '../rag-error.js'

/** The file that says which batches are done, and who uses it. */

export const stateFileUnusable = (path: string, lock: string, why: string, cause: unknown): RagError =>
  new RagError(
    'STORE_UNUSABLE',
    `Nobody can tell who uses the state file ${path}: ${lock} could not be opened or written (${why}). Nothing was changed.`,
    {
      hint: 'Is its folder there, and may it be written to? When no rag uses the state file, its .lock file can be removed.',
      cause,
    },
  )

export interface StateFileUse {
  readonly path: string
  /** The process that uses it, where it runs, and for what. */
  readonly pid: number
  readonly host: string
  readonly name: string
  /** Who wants it. */
  readonly wantedFor: string
}

export const stateHeld = ({path, pid, host, name, wantedFor}: StateFileUse): RagError =>
  new RagError(
    'STATE_HELD',
    `The state file ${path} is in use by process ${pid} on ${host}, for ${name}; what that has done would be passed over for ${wantedFor}. Nothing was changed.`,
    {hint: 'Name a state file of its own, --state-file FILE; or wait for the other to end: --wait SECONDS'},
  )
