import type {SealedFile} from '../../../model/segment.js'
import type {FileCopier} from '../../../ports/files/backup-folder.js'
import {digestFile} from './artifact-digest.js'
import {systemCode} from '../system-errors.js'
import {fileFailure} from '../file-failure.js'
import type {FileOperations} from '../file-operations.js'

export function createFileCopier(operations: FileOperations): FileCopier {
  return {
    async copyInto(files, {path, expected}, name) {
      const staged = await files.stage(name)
      try {
        await operations.copy(path, staged)
      } catch (error) {
        await files.discard(staged)
        const problem = await problemOf(operations, path)
        if (problem !== undefined) return {problem}
        throw await fileFailure(operations, {doing: 'copy to', path: staged, error})
      }
      const problem = expected && (await wrongSize(operations, staged, expected))
      if (problem !== undefined) {
        await files.discard(staged)
        return {problem}
      }
      const sealed = await files.seal(staged, name)
      if (expected && sealed.sha256 !== expected.sha256)
        return {problem: 'its SHA-256 is not the recorded one'}
      return {sealed}
    },
  }
}

/** Why a file can't be read, from its first byte to its last; undefined when it can, and a copy failed for another reason. */
async function problemOf(operations: FileOperations, path: string): Promise<string | undefined> {
  try {
    await digestFile(operations, path)
    return undefined
  } catch (error) {
    const code = systemCode(error)
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'it is missing' : `it cannot be read (${code})`
  }
}

async function wrongSize(
  operations: FileOperations,
  path: string,
  expected: Pick<SealedFile, 'sizeBytes'>,
): Promise<string | undefined> {
  const {sizeBytes} = await operations.stat(path).catch(() => ({sizeBytes: 0}))
  return sizeBytes === expected.sizeBytes
    ? undefined
    : `it has ${sizeBytes} bytes instead of ${expected.sizeBytes}`
}
