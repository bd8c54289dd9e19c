import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {mkdir, open, readdir, rename, rm, unlink} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {RagError} from '../../model/errors.js'
import type {TextFiles} from '../../ports/backup-folder.js'
import type {ExportFolder, ExportedBytes, Packing} from '../../ports/export-folder.js'
import {diskFull, fileFailed, systemCode} from './artifact-errors.js'
import {packed} from './packed.js'
import {createTextFiles} from './text-files.js'
import {nodeFileOperations} from './file-operations.js'

const MANIFEST = 'manifest.json'
const STAGED = '.rag-export-'

export function createExportFolder(dir: string): ExportFolder {
  const path = resolve(dir)
  const texts: TextFiles = createTextFiles(nodeFileOperations)
  const manifest = join(path, MANIFEST)
  const write = (name: string, bytes: AsyncIterable<Uint8Array>): Promise<ExportedBytes> =>
    writeWhole(path, name, bytes)
  return {
    path,
    async look() {
      const names = await readdir(path).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return undefined
        throw fileFailed('look into', path, error)
      })
      if (!names) return 'missing'
      if (names.length === 0) return 'empty'
      const isOurs =
        names.includes(MANIFEST) || names.every((name) => name.startsWith(STAGED) || EXPORTED.test(name))
      return isOurs ? 'ours' : 'foreign'
    },
    async make() {
      await mkdir(path, {recursive: true}).catch((error: unknown) => {
        throw fileFailed('make the folder', path, error)
      })
    },
    readManifest: () => texts.read(manifest),
    removeManifest: () => rm(manifest, {force: true}),
    write: (name, bytes, packing?: Packing) => write(name, packing ? packed(bytes, packing) : bytes),
    copyIn: (from, name) => write(name, createReadStream(from)),
    writeManifest: (text) => texts.replace(manifest, text),
    async remove(names) {
      const there = await readdir(path).catch(() => [])
      const gone = there.filter((name) => names.includes(name) || name.startsWith(STAGED))
      for (const name of gone) await unlink(join(path, name)).catch(() => undefined)
    },
  }
}

/** Names that an export gives its files. */
const EXPORTED = /-v\d+-\d{5}\.(msgpack|jsonl)(\.gz|\.zst)?$|\.lsa$/

async function writeWhole(
  folder: string,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<ExportedBytes> {
  const staged = join(folder, `${STAGED}${name}.tmp`)
  const target = join(folder, name)
  try {
    const hash = createHash('sha256')
    let size = 0
    const handle = await open(staged, 'w')
    try {
      for await (const chunk of bytes) {
        hash.update(chunk)
        size += chunk.length
        await handle.writeFile(chunk)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(staged, target)
    await syncFolder(folder)
    return {size_bytes: size, sha256: hash.digest('hex')}
  } catch (error) {
    await rm(staged, {force: true})
    if (error instanceof RagError) throw error
    if (systemCode(error) === 'ENOSPC' || systemCode(error) === 'EDQUOT')
      throw diskFull(target, undefined, error)
    throw fileFailed('write', target, error)
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch {
    // Some file systems don't sync folders; the file itself is safe.
  } finally {
    await handle.close()
  }
}
