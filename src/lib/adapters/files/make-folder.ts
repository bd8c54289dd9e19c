import {dirname} from 'node:path'
import {systemCode} from './system-errors.js'
import type {FileOperations} from './file-operations.js'

/**
 * Makes a folder and those above it, each durable when it returns. What is there stays, also when another process makes it meanwhile.
 * Rejects with the system's error, also when a file has the name.
 */
export async function makeFolder(operations: FileOperations, path: string): Promise<void> {
  try {
    await makeOne(operations, path)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(operations, dirname(path))
    await makeOne(operations, path)
  }
}

async function makeOne(operations: FileOperations, path: string): Promise<void> {
  try {
    await operations.makeFolder(path)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
    const {isFile} = await operations.stat(await operations.realPath(path))
    if (isFile) throw error
    return
  }
  await operations.sync(dirname(path))
}
