import {fileIncomplete} from '../../../model/errors/files/written-file.js'
import {parseJson} from '../../../model/input/parse-json.js'
import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {join, resolve} from 'node:path'
import type {ExportFolder, Packing, StagedFile} from '../../../ports/files/export-folder.js'
import {digestFile} from '../artifacts/artifact-digest.js'
import {systemCode} from '../system-errors.js'
import {fileFailure} from '../file-failure.js'
import {nodeFileOperations, type FileOperations} from '../file-operations.js'
import {isInside} from '../inside.js'
import {makeFolder} from '../make-folder.js'
import {packed} from './packed.js'
import {realPath} from '../real-path.js'
import {createTextFiles} from '../text-files.js'

const MANIFEST = 'manifest.json'
/** Every file that the folder has for itself begins so: hidden, and matched by no pattern for batches. */
const OWN = '.rag-export'
/** Names that are being given to files, and those of files that are to go, as a JSON array. */
const NAMES = `${OWN}-names.json`
/** What the system itself puts into the topmost folder of a disk. */
const NOT_COUNTED: ReadonlySet<string> = new Set(['lost+found', '.Trash-0', '.DS_Store', `.${MANIFEST}.tmp`])
const PIECE_BYTES = 1024 ** 2

/** A folder for exports on the file system. */
export function createExportFolder(
  dir: string,
  operations: FileOperations = nodeFileOperations,
): ExportFolder {
  const path = resolve(dir)
  const texts = createTextFiles(operations)
  const at = (name: string): string => join(path, name)
  let staged = 0
  const attempt = async <T>(doing: string, target: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act()
    } catch (error) {
      throw await fileFailure(operations, {doing, path: target, error})
    }
  }
  const stage = async (bytes: AsyncIterable<Uint8Array>): Promise<StagedFile> => {
    const stagedAs = `${OWN}-${++staged}.tmp`
    try {
      return await attempt('write', at(stagedAs), async () => ({
        stagedAs,
        ...(await writeWhole(operations, at(stagedAs), bytes)),
      }))
    } catch (error) {
      await operations.unlink(at(stagedAs)).catch(() => undefined)
      throw error
    }
  }
  return {
    path,
    lockPath: at(`${OWN}.lock`),
    state: () => attempt('look into', path, () => stateOf(operations, path)),
    isWithin: async (folder) =>
      isInside(await realPath(operations, resolve(folder)), await realPath(operations, path)),
    contains: async (folder) =>
      isInside(await realPath(operations, path), await realPath(operations, resolve(folder))),
    make: () => attempt('make the folder', path, () => makeFolder(operations, path)),
    async requireWritable() {
      const probe = at(`${OWN}-probe.tmp`)
      await attempt('write to', path, async () => (await operations.create(probe)).close())
      await operations.unlink(probe).catch(() => undefined)
    },
    readManifest: () => texts.read(at(MANIFEST)),
    stage: (bytes, packing?: Packing) => stage(packing ? packed(bytes, packing) : bytes),
    stageCopy: (from) => stage(createReadStream(from)),
    async publish(files, former) {
      await texts.replace(at(NAMES), JSON.stringify([...files.map(({name}) => name), ...former]))
      await attempt('write', path, async () => {
        for (const {staged: file, name} of files) await operations.rename(at(file.stagedAs), at(name))
        await operations.sync(path)
        for (const {staged: file, name} of files) await requireWhole(operations, at(name), file.size_bytes)
      })
    },
    writeManifest: (text) => texts.replace(at(MANIFEST), text),
    vacuum: (keep, {dropNames} = {dropNames: true}) =>
      vacuumFolder(operations, path, {keep: new Set(keep), dropNames}),
  }
}

async function vacuumFolder(
  operations: FileOperations,
  path: string,
  {keep, dropNames}: {readonly keep: ReadonlySet<string>; readonly dropNames: boolean},
): Promise<void> {
  let isSure = dropNames
  const attempt = <T>(act: () => Promise<T>): Promise<T | undefined> =>
    act().catch(() => {
      isSure = false
      return undefined
    })
  const texts = createTextFiles(operations)
  const published = namesIn(await attempt(() => texts.read(join(path, NAMES))))
  const entries = (await attempt(() => operations.list(path))) ?? []
  const goes = new Set(published.filter((name) => !keep.has(name)))
  for (const {name} of entries)
    if (goes.has(name) || isStaged(name)) await attempt(() => operations.unlink(join(path, name)))
  // Last: as long as one of them may be left, their names must be known.
  if (isSure && entries.some(({name}) => name === NAMES))
    await attempt(() => operations.unlink(join(path, NAMES)))
}

const isStaged = (name: string): boolean => name.startsWith(`${OWN}-`) && name.endsWith('.tmp')

async function stateOf(operations: FileOperations, path: string): ReturnType<ExportFolder['state']> {
  let names: string[]
  try {
    names = (await operations.list(path)).map(({name}) => name)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'missing'
    throw error
  }
  if (names.includes(MANIFEST)) return 'labelled'
  const isEmpty = names.every((name) => name.startsWith(OWN) || NOT_COUNTED.has(name))
  return isEmpty ? 'empty' : 'foreign'
}

/** Pieces of a size that is worth a call; what was written is read back, for a disk may not tell that it is full. */
async function writeWhole(
  operations: FileOperations,
  path: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{size_bytes: number; sha256: string}> {
  const hash = createHash('sha256')
  let size = 0
  const file = await operations.create(path)
  try {
    for await (const piece of inPieces(bytes)) {
      hash.update(piece)
      size += piece.length
      await file.write(piece)
    }
  } finally {
    await file.close()
  }
  await operations.sync(path)
  const sha256 = hash.digest('hex')
  const found = await digestFile(operations, path, size)
  if (found.sha256 !== sha256) throw fileIncomplete(path, `it has ${found.sizeBytes} of ${size} bytes`)
  return {size_bytes: size, sha256}
}

async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = []
  let length = 0
  for await (const part of bytes) {
    parts.push(part)
    length += part.length
    if (length < PIECE_BYTES) continue
    yield Buffer.concat(parts, length)
    parts = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(parts, length)
}

async function requireWhole(operations: FileOperations, path: string, sizeBytes: number): Promise<void> {
  const found = await operations.stat(path)
  if (found.sizeBytes !== sizeBytes)
    throw fileIncomplete(path, `it has ${found.sizeBytes} of ${sizeBytes} bytes`)
}

/** What is no list of names says nothing. */
function namesIn(text: string | undefined): readonly string[] {
  try {
    const raw: unknown = parseJson(text ?? '[]')
    return Array.isArray(raw) ? raw.filter((name) => typeof name === 'string' && !name.includes('/')) : []
  } catch {
    return []
  }
}
