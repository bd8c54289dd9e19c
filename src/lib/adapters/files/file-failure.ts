import {dirname} from 'node:path'
import {diskFull, fileFailed, filesReadOnly} from '../../model/errors/files/written-file.js'
import {RagError} from '../../model/errors/rag-error.js'
import {systemCode} from './system-errors.js'
import type {FileOperations} from './file-operations.js'

/** What a failed write means for a person; passes RagErrors through. */
export async function fileFailure(
  operations: FileOperations,
  {doing, path, error}: {readonly doing: string; readonly path: string; readonly error: unknown},
): Promise<RagError> {
  if (error instanceof RagError) return error
  const code = systemCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return diskFull(path, await operations.freeBytes(dirname(path)).catch(() => undefined), error)
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return filesReadOnly(path, error)
  return fileFailed(doing, path, error)
}
