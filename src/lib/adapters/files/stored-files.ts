import {closeSync, fstatSync, openSync, statSync} from 'node:fs'
import {readdir, realpath, stat} from 'node:fs/promises'
import {isAbsolute, join} from 'node:path'
import {fileFailed} from '../../model/errors/files/written-file.js'
import {RagError} from '../../model/errors/rag-error.js'
import type {StoredFiles} from '../../ports/files/stored-files.js'
import {bytesOf} from './batches/batch-bytes.js'
import {packingOf, unpacked} from './batches/unpacked.js'
import {systemCode} from './system-errors.js'

/** Files on the disks of this machine. */
export function createStoredFiles(): StoredFiles {
  return {
    async list(folders) {
      const found = new Set<string>()
      const seen = new Set<string>()
      for (const folder of folders) if (isAbsolute(folder)) await walk(folder, seen, found)
      return [...found].sort()
    },
    read: (path) => layersOf(path),
  }
}

async function walk(folder: string, seen: Set<string>, found: Set<string>): Promise<void> {
  const real = await realpath(folder).catch(() => undefined)
  if (real === undefined || seen.has(real)) return
  seen.add(real)
  const names = await readdir(real).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return []
    throw fileFailed('read', real, error)
  })
  for (const name of names) {
    const path = join(real, name)
    const facts = await stat(path).catch(() => undefined)
    if (facts?.isDirectory()) await walk(path, seen, found)
    else if (facts?.isFile()) found.add(await realpath(path).catch(() => path))
  }
}

/**
 * Descriptors of databases stay open: when a process closes any of a file, the locks that SQLite holds on it in the same process are gone,
 * and another process may take the write-ahead log from under it. By path; one whose file was replaced gives way to another.
 */
const KEPT = new Map<string, {readonly descriptor: number; readonly inode: number}>()

const IS_DATABASE = /\.db(?:-wal|-shm|-journal)?$/

function openKept(path: string): number {
  const known = KEPT.get(path)
  if (known?.inode === statSync(path).ino) return known.descriptor
  const descriptor = openSync(path, 'r')
  KEPT.set(path, {descriptor, inode: fstatSync(descriptor).ino})
  return descriptor
}

async function* layersOf(path: string): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const isDatabase = IS_DATABASE.test(path)
  let descriptor: number
  try {
    descriptor = isDatabase ? openKept(path) : openSync(path, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return
    throw fileFailed('read', path, error)
  }
  const open = (how = {}): AsyncIterable<Uint8Array> => bytesOf({path, descriptor, signal: undefined, ...how})
  try {
    yield open({inPlace: true})
    if (!isDatabase && (await packingOf(open)) !== undefined) yield asFarAsItGoes(unpacked(path, open))
  } catch (error) {
    throw fileFailed('read', path, error)
  } finally {
    if (!isDatabase) closeSync(descriptor)
  }
}

/** What is damaged can't be unpacked by anybody. */
async function* asFarAsItGoes(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    if (!(error instanceof RagError)) throw error
  }
}
