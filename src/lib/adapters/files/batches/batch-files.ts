import {createHash} from 'node:crypto'
import {open, stat} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {emptyPattern} from '../../../model/errors/request/ingest.js'
import {inputUnreadable, notAFile} from '../../../model/errors/files/source.js'
import {RagError} from '../../../model/errors/rag-error.js'
import type {BatchFile, BatchFiles} from '../../../ports/files/batch-files.js'
import {archiveFile, prepareArchive, setAside} from './archive-file.js'
import {batchOfDescriptor, bytesOf} from './batch-bytes.js'
import {inputError, reasonFor} from '../system-errors.js'

export function createBatchFiles(): BatchFiles {
  return {
    async expand(globs) {
      if (globs.includes('')) throw emptyPattern()
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
        throw inputUnreadable(globs.join(', '), reasonFor(error), error)
      }
    },
    stat: async (path) => {
      const found = await stat(path).catch(() => undefined)
      return found?.isFile() ? {sizeBytes: found.size, mtimeMs: found.mtimeMs} : undefined
    },
    setAside,
    open: openBatchFile,
    prepareArchive,
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
    const {fd: descriptor} = handle
    const absolutePath = resolve(path)
    return {
      path,
      ...batchOfDescriptor({path, absolutePath, descriptor}),
      sizeBytes,
      mtimeMs,
      descriptor,
      sha256: async (signal) => {
        const hash = createHash('sha256')
        for await (const chunk of bytesOf({path, descriptor, to: sizeBytes, signal, inPlace: true}))
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
