import {dirname} from 'node:path'
import {systemCode} from './artifact-errors.js'
import type {FileOperations} from './file-operations.js'

/** Makes a folder and those above it, each durable when it returns. Rejects with the system's error, also when a file has the name. */
export async function makeFolder(operations: FileOperations, path: string): Promise<void> {
  try {
    await operations.makeFolder(path)
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      if ((await operations.list(path)).length >= 0) return // A file of that name throws ENOTDIR here.
    }
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(operations, dirname(path))
    await operations.makeFolder(path)
  }
  await operations.sync(dirname(path))
}
