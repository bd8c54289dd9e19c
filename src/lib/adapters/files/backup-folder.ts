import {join, resolve} from 'node:path'
import type {BackupFolder} from '../../ports/backup-folder.js'
import {systemCode} from './artifact-errors.js'
import {createArtifactFiles} from './artifact-files.js'
import type {StagingProcess} from './artifact-names.js'
import {fileFailure} from './file-failure.js'
import {nodeFileOperations, type FileOperations} from './file-operations.js'
import {isInside} from './inside.js'
import {makeFolder} from './make-folder.js'
import {realPath} from './real-path.js'
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
