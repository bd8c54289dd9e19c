import {fileTooLarge, notAFile} from '../../../model/errors/files/source.js'
import {readingInterrupted} from '../../../model/errors/program/interruption.js'
import {createReadStream, realpathSync} from 'node:fs'
import {lstat, realpath, stat} from 'node:fs/promises'
import {resolve} from 'node:path'
import type {SourceFile, SourceLine, SourceTree} from '../../../ports/files/source-tree.js'
import {listFolder} from './folder-listing.js'
import {readBounded} from '../read-bounded.js'
import {readLines} from './read-lines.js'
import {isInside} from '../inside.js'
import {inputError, isGone} from '../system-errors.js'

const CHUNK_BYTES = 256 * 1024

export interface FolderTreeOptions {
  /** Opens standard input; by default file descriptor 0. */
  readonly stdin?: () => AsyncIterable<Uint8Array>
}

/** The source tree of the file system. */
export function createFolderTree(options: FolderTreeOptions = {}): SourceTree {
  const stdin = options.stdin ?? openStdin
  const realRoots = new Map<string, string>()
  const realRoot = (root: string): string => {
    const known = realRoots.get(root)
    if (known !== undefined) return known
    try {
      const real = realpathSync.native(root)
      realRoots.set(root, real)
      return real
    } catch (error) {
      throw inputError(root, error)
    }
  }
  return {
    list: listFolder,
    stat: statFile,
    exists,
    hasFile,
    readStdin: (maxBytes) => readStream(stdin(), maxBytes),
    read: async (file, maxBytes, root) =>
      Promise.resolve(
        readBounded(file.absolutePath, maxBytes, root === undefined ? undefined : realRoot(root)),
      ),
    lines: (path, maxLineBytes, signal) => linesOf(path, stdin, maxLineBytes, signal),
  }
}

/** Size and mtime of a file named by the caller; its `path` is the name as given. */
async function statFile(path: string): Promise<SourceFile> {
  const absolutePath = resolve(path)
  try {
    const stats = await stat(absolutePath)
    if (!stats.isFile()) throw notAFile(path, stats.isDirectory() ? 'a folder' : 'a device or pipe')
    return {path, absolutePath, sizeBytes: stats.size, mtimeMs: stats.mtimeMs}
  } catch (error) {
    throw inputError(path, error)
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw inputError(path, error)
  }
}

async function hasFile(path: string, root: string): Promise<boolean> {
  try {
    const target = await realpath(path)
    return isInside(root, target) && (await stat(target)).isFile()
  } catch (error) {
    if (isGone(error)) return false
    throw inputError(path, error)
  }
}

async function readStream(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let total = 0
  try {
    for await (const chunk of chunks) {
      total += chunk.length
      if (total > maxBytes) throw fileTooLarge('Standard input', maxBytes)
      parts.push(chunk)
    }
  } catch (error) {
    throw inputError('Standard input', error)
  }
  return Buffer.concat(parts, total)
}

async function* linesOf(
  path: string,
  stdin: () => AsyncIterable<Uint8Array>,
  maxLineBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<SourceLine, void, undefined> {
  const name = path === '-' ? 'Standard input' : path
  try {
    if (path !== '-' && (await stat(path)).isDirectory()) throw notAFile(path, 'a folder')
    const chunks = path === '-' ? stdin() : createReadStream(path, {highWaterMark: CHUNK_BYTES})
    for await (const line of readLines(chunks, maxLineBytes)) {
      if (signal?.aborted === true) throw readingInterrupted(name)
      yield line
    }
  } catch (error) {
    throw inputError(name, error)
  }
}

function openStdin(): AsyncIterable<Uint8Array> {
  return createReadStream('', {fd: 0, autoClose: false, highWaterMark: CHUNK_BYTES})
}
