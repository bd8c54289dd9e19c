import {dirname, join, resolve} from 'node:path'
import type {BackupFolder} from '../../ports/backup-folder.js'
import {systemCode} from './artifact-errors.js'
import {createArtifactFiles} from './artifact-files.js'
import type {StagingProcess} from './artifact-names.js'
import {fileFailure} from './file-failure.js'
import {nodeFileOperations, type FileOperations} from './file-operations.js'
import {isInside} from './inside.js'
import {createTextFiles} from './text-files.js'

const MANIFEST = 'manifest.json'
const LOCK = '.rag-backup.lock'
/** What the system itself puts into the topmost folder of a disk. */
const NOT_COUNTED: ReadonlySet<string> = new Set(['lost+found', '.Trash-0', '.DS_Store'])

export interface BackupFolderOptions {
  readonly path: string
  /** The file system; the real one when absent. */
  readonly operations?: FileOperations
  readonly self: StagingProcess
}

/** A folder for backups on the file system. */
export function createBackupFolder(options: BackupFolderOptions): BackupFolder {
  const path = resolve(options.path)
  const operations = options.operations ?? nodeFileOperations
  const texts = createTextFiles(operations)
  const manifest = join(path, MANIFEST)
  return {
    path,
    lockPath: join(path, LOCK),
    files: createArtifactFiles({root: path, operations, self: options.self}),
    async look() {
      let names: string[]
      try {
        names = (await operations.list(path)).map((entry) => entry.name)
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return 'missing'
        throw await fileFailure(operations, {doing: 'read', path, error})
      }
      if (names.includes(LOCK) || names.includes(MANIFEST)) return 'ours'
      return names.every((name) => NOT_COUNTED.has(name)) ? 'empty' : 'foreign'
    },
    isWithin: async (folder) =>
      isInside(await realPath(operations, resolve(folder)), await realPath(operations, path)),
    async make() {
      try {
        await makeFolder(operations, path)
      } catch (error) {
        throw await fileFailure(operations, {doing: 'make the folder', path, error})
      }
    },
    readManifest: () => texts.read(manifest),
    writeManifest: (text) => texts.replace(manifest, text),
  }
}

/** The path without links, also when the end of it is not there yet. */
async function realPath(operations: FileOperations, path: string): Promise<string> {
  try {
    return await operations.realPath(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(await realPath(operations, above), path.slice(above.length))
  }
}

async function makeFolder(operations: FileOperations, path: string): Promise<void> {
  try {
    await operations.makeFolder(path)
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      if ((await operations.list(path)).length >= 0) return // A file of that name throws ENOTDIR here.
    }
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(operations, dirname(path))
    await operations.makeFolder(path)
  }
  await operations.sync(dirname(path))
}
