import {createHash} from 'node:crypto'
import type {ReadableFile} from '../../../ports/files/random-access-files.js'
import type {FileOperations} from '../file-operations.js'

/** 1 MiB: larger reads measured no faster. */
const READ_BYTES = 1 << 20

export interface FileDigest {
  readonly sizeBytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

/**
 * Size and SHA-256 of what is on disk now. Memory: two read buffers; one is hashed while the other is filled.
 * With `expectedBytes`, a file of another size is not read: `sha256` is then empty. Rejects with the system's error.
 */
export async function digestFile(
  operations: FileOperations,
  path: string,
  expectedBytes?: number,
): Promise<FileDigest> {
  const file = await operations.open(path)
  try {
    const sizeBytes = await file.sizeBytes()
    if (expectedBytes !== undefined && sizeBytes !== expectedBytes) return {sizeBytes, sha256: ''}
    return await digestOpen(file, sizeBytes)
  } finally {
    await file.close()
  }
}

async function digestOpen(file: ReadableFile, sizeBytes: number): Promise<FileDigest> {
  const hash = createHash('sha256')
  const bufferBytes = Math.max(1, Math.min(READ_BYTES, sizeBytes + 1))
  let [filled, spare] = [new Uint8Array(bufferBytes), new Uint8Array(bufferBytes)]
  let position = 0
  let count = await file.read(filled, 0)
  while (count > 0) {
    position += count
    const next = file.read(spare, position)
    hash.update(filled.subarray(0, count))
    count = await next
    ;[filled, spare] = [spare, filled]
  }
  return {sizeBytes: position, sha256: hash.digest('hex')}
}
