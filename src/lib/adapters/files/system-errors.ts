import {inputMissing, inputUnreadable} from '../../model/errors/files/source.js'
import {reasonOf, RagError, shorten} from '../../model/errors/rag-error.js'

/** The operating system's code of an error (`ENOENT`), or the empty text. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** True when an error says that nothing is there. */
export function isGone(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** What to throw for a path that can't be read: INPUT_MISSING when it is gone, else INPUT_UNREADABLE. An error of this program is kept. */
export function inputError(path: string, error: unknown): RagError {
  if (error instanceof RagError) return error
  return isGone(error) ? inputMissing(shorten(path, 1000)) : inputUnreadable(path, reasonFor(error), error)
}

/** The reason of a system error in plain words. */
export function reasonFor(error: unknown): string {
  const code = systemCode(error)
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'ELOOP') return 'its links lead in a circle'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'ENAMETOOLONG') return 'its path is too long'
  if (code === 'EIO') return 'the disk reports an input/output error'
  return reasonOf(error)
}
