import {createHash} from 'node:crypto'
import {open, stat, type FileHandle} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {RagError} from '../../model/errors.js'
import type {BatchFile, BatchFiles} from '../../ports/batch-files.js'
import {archiveFile, setAside} from './archive-file.js'
import {readingInterrupted, inputError, notAFile, unreadable, reasonFor} from './source-errors.js'
import {unpacked, type ReadHow} from './unpacked.js'

const READ_BYTES = 1024 ** 2

export function createBatchFiles(): BatchFiles {
  return {
    async expand(globs) {
      const {default: glob} = await import('fast-glob')
      try {
        const found = await glob([...globs], {
          onlyFiles: true,
          dot: false,
          followSymbolicLinks: true,
          unique: true,
        })
        return found.sort((a, b) => (a < b ? -1 : 1))
      } catch (error) {
        throw unreadable(globs.join(', '), reasonFor(error), error)
      }
    },
    look: async (path) => {
      const found = await stat(path).catch(() => undefined)
      return found?.isFile() ? {sizeBytes: found.size, mtimeMs: found.mtimeMs} : undefined
    },
    setAside,
    open: openBatchFile,
    archive: archiveFile,
    beside: (path, name) => join(dirname(resolve(path)), name),
  }
}

async function openBatchFile(path: string): Promise<BatchFile> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw inputError(path, error)
  })
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw notAFile(path, stat.isDirectory() ? 'a folder' : 'a device or pipe')
    const {size: sizeBytes, mtimeMs} = stat
    return {
      path,
      absolutePath: resolve(path),
      sizeBytes,
      mtimeMs,
      read: (signal) => unpacked(path, (how) => bytesOf(handle, {path, signal, ...how})),
      sha256: async (signal) => {
        const hash = createHash('sha256')
        for await (const chunk of bytesOf(handle, {path, to: sizeBytes, signal, inPlace: true}))
          hash.update(chunk)
        return hash.digest('hex')
      },
      hasChanged: async () => {
        const now = await handle.stat()
        return now.size !== sizeBytes || now.mtimeMs !== mtimeMs
      },
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error instanceof RagError ? error : inputError(path, error)
  }
}

interface Reading extends ReadHow {
  readonly path: string
  readonly signal: AbortSignal | undefined
}

/** The bytes as they lie there, by position: two readers of one handle don't disturb each other. */
async function* bytesOf(
  handle: FileHandle,
  {path, to = Infinity, inPlace = false, signal}: Reading,
): AsyncGenerator<Uint8Array> {
  let at = 0
  let buffer = new Uint8Array(Math.min(READ_BYTES, to))
  while (at < to) {
    if (signal?.aborted) throw readingInterrupted(path)
    const {bytesRead} = await handle
      .read(buffer, 0, Math.min(buffer.length, to - at), at)
      .catch((error: unknown) => {
        throw inputError(path, error)
      })
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
    if (!inPlace) buffer = new Uint8Array(buffer.length)
  }
}
