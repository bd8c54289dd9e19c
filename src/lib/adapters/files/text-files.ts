import {fileFailed, fileIncomplete} from '../../model/errors/files/written-file.js'
import {basename, dirname, join} from 'node:path'
import type {TextFiles} from '../../ports/files/backup-folder.js'
import {systemCode} from './system-errors.js'
import type {FileOperations} from './file-operations.js'
import {fileFailure} from './file-failure.js'

/** More than any file that is read whole; keeps a mistaken path from filling the memory. */
const MOST_BYTES = 256 * 1024 ** 2

export function createTextFiles(operations: FileOperations): TextFiles {
  const read = async (path: string): Promise<string | undefined> => {
    try {
      return await readWhole(operations, path)
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined
      throw fileFailed('read', path, error)
    }
  }
  return {
    read,
    async replace(path, text) {
      const staged = join(dirname(path), `.${basename(path)}.tmp`)
      try {
        await operations.writeText(staged, text)
        await operations.sync(staged)
        if ((await readWhole(operations, staged)) !== text) throw fileIncomplete(staged, 'it is too short')
        await operations.rename(staged, path)
        await operations.sync(dirname(path))
        if ((await readWhole(operations, path)) !== text)
          throw fileIncomplete(path, 'it is still the old one')
      } catch (error) {
        await operations.unlink(staged).catch(() => undefined)
        throw await fileFailure(operations, {doing: 'write', path, error})
      }
    },
  }
}

async function readWhole(operations: FileOperations, path: string): Promise<string> {
  const file = await operations.open(path)
  try {
    const sizeBytes = await file.sizeBytes()
    if (sizeBytes > MOST_BYTES) throw fileIncomplete(path, `it has ${sizeBytes} bytes`)
    const bytes = new Uint8Array(sizeBytes)
    let filled = 0
    while (filled < sizeBytes) {
      const count = await file.read(bytes.subarray(filled), filled)
      if (count === 0) break
      filled += count
    }
    return new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes.subarray(0, filled))
  } finally {
    await file.close()
  }
}
