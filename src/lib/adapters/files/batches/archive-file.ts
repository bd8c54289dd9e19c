import {randomUUID} from 'node:crypto'
import {constants, createReadStream, createWriteStream} from 'node:fs'
import {access, link, lstat, open, realpath, rename, rm, unlink, writeFile} from 'node:fs/promises'
import {basename, dirname, extname, join} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'
import {
  type Refusal,
  archiveUnusable,
  fileFailed,
  notArchived,
} from '../../../model/errors/files/written-file.js'
import {RagError} from '../../../model/errors/rag-error.js'
import {nodeFileOperations} from '../file-operations.js'
import {makeFolder} from '../make-folder.js'
import {reasonFor, systemCode} from '../system-errors.js'

/** See `BatchFiles.prepareArchive`. */
export async function prepareArchive(folder: string): Promise<void> {
  try {
    await makeFolder(nodeFileOperations, folder)
    await access(folder, constants.W_OK)
  } catch (error) {
    throw archiveUnusable(folder, refusal(error))
  }
}

/** See `BatchFiles.archive`. */
export async function archiveFile(
  path: string,
  folder: string,
  {compress}: {readonly compress: boolean},
): Promise<string> {
  try {
    await makeFolder(nodeFileOperations, folder)
    const pack = compress && !/\.(gz|zst)$/.test(path)
    const wanted = join(folder, `${basename(path)}${pack ? '.gz' : ''}`)
    if (pack) return await moveByCopy(path, wanted, true)
    return (await isIn(folder, path)) ? path : await move(path, wanted)
  } catch (error) {
    if (error instanceof RagError) throw error
    throw notArchived(path, folder, refusal(error))
  }
}

const refusal = (error: unknown): Refusal => ({
  why: reasonFor(error),
  isFull: systemCode(error) === 'ENOSPC',
  cause: error,
})

/** See `BatchFiles.setAside`. */
export async function setAside(path: string, reason: string): Promise<string> {
  try {
    const as = await move(path, `${path}.failed`)
    await writeFile(`${as}.txt`, reason)
    return as
  } catch (error) {
    throw fileFailed('set aside', path, error)
  }
}

async function move(path: string, wanted: string): Promise<string> {
  for (let n = 1; ; n++) {
    const target = numbered(wanted, n)
    try {
      // A link never replaces what is there; a rename would.
      await link(path, target)
      // Else a power cut could take both names.
      await syncFolder(target)
      await unlink(path)
      return target
    } catch (error) {
      const code = systemCode(error)
      if (code === 'EEXIST') {
        if (!(await areTwoNames(path, target))) continue
        // A move that was cut off between its two steps.
        await unlink(path)
        return target
      }
      if (code === 'EXDEV' || code === 'EPERM' || code === 'ENOTSUP') return moveByCopy(path, wanted, false)
      throw error
    }
  }
}

/** What is kept already stays where it is, by whichever path the folder is named. */
async function isIn(folder: string, path: string): Promise<boolean> {
  return (await realpath(dirname(path))) === (await realpath(folder))
}

/** True for two names of one file: then one of them may go. One name in two spellings is none (where case does not count). */
async function areTwoNames(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(one, {bigint: true}), lstat(other, {bigint: true})])
  return a.ino === b.ino && a.dev === b.dev && a.nlink > 1n
}

/** The copy is whole and durable before the original goes. */
async function moveByCopy(path: string, wanted: string, compress: boolean): Promise<string> {
  const staged = join(dirname(wanted), `.${randomUUID()}.tmp`)
  try {
    const from = createReadStream(path)
    const to = createWriteStream(staged, {flags: 'wx'})
    await (compress ? pipeline(from, createGzip(), to) : pipeline(from, to))
    const handle = await open(staged, 'r+')
    await handle.sync()
    await handle.close()
    const target = await freeName(wanted)
    await rename(staged, target)
    await syncFolder(target)
    await unlink(path)
    return target
  } catch (error) {
    await rm(staged, {force: true})
    throw error
  }
}

async function freeName(wanted: string): Promise<string> {
  for (let n = 1; ; n++) {
    const target = numbered(wanted, n)
    const isFree = await access(target).then(
      () => false,
      (error: unknown) => systemCode(error) === 'ENOENT',
    )
    if (isFree) return target
  }
}

/** `a.msgpack` → `a~2.msgpack`. */
function numbered(path: string, n: number): string {
  if (n === 1) return path
  const ending = extname(path)
  return `${path.slice(0, path.length - ending.length)}~${n}${ending}`
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(join(path, '..'), 'r').catch((error: unknown) => {
    throw fileFailed('open the folder of', path, error)
  })
  try {
    await handle.sync()
  } catch {
    // Some file systems don't sync folders; the file itself is safe.
  } finally {
    await handle.close()
  }
}
