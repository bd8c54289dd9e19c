import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'

/** What this user, and others, may do in a folder. */
export interface FolderRights {
  readonly isWritable: boolean
  /** Everyone on this machine may change what is in it. */
  readonly isOpenToAll: boolean
}

/** Looks at a folder's rights; undefined when there is none. */
export async function folderRights(path: string): Promise<FolderRights | undefined> {
  const facts = await stat(path).catch(() => undefined)
  if (!facts) return undefined
  const isWritable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
  return {isWritable, isOpenToAll: (facts.mode & 0o1002) === 0o0002}
}
