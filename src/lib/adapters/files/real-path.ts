import {dirname, join} from 'node:path'
import type {FileOperations} from './file-operations.js'

/** The path without links, also when the end of it is not there yet. */
export async function realPath(operations: FileOperations, path: string): Promise<string> {
  try {
    return await operations.realPath(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(await realPath(operations, above), path.slice(above.length))
  }
}
