import {join, resolve} from 'node:path'
import type {BackupFolder} from '../../ports/files/backup-folder.js'
import {backupNoFolder} from '../../model/errors/store/backup.js'
import {systemCode} from './system-errors.js'
import {createArtifactFiles} from './artifacts/artifact-files.js'
import {namesOf, type StagingProcess} from './artifacts/artifact-names.js'
import {fileFailure} from './file-failure.js'
import {nodeFileOperations, type FileOperations} from './file-operations.js'
import {isInside} from './inside.js'
import {makeFolder} from './make-folder.js'
import {realPath} from './real-path.js'
import {createTextFiles} from './text-files.js'

const MANIFEST = 'manifest.json'
const LOCK = '.rag-backup.lock'
const DATA = 'data'
const LEFT = /^\.rag-backup\.lock(-journal|-wal|-shm)?$|^\.manifest\.json\.tmp$/
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
    files: createArtifactFiles({
      root: path,
      operations,
      self: options.self,
      isOurs: namesOf('segment', 'model', 'database of a backup', 'settings of a backup'),
    }),
    async state() {
      let names: string[]
      try {
        names = (await operations.list(path)).map((entry) => entry.name)
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return 'missing'
        if (systemCode(error) === 'ENOTDIR') throw backupNoFolder(path)
        throw await fileFailure(operations, {doing: 'read', path, error})
      }
      if (names.includes(MANIFEST)) return 'ours'
      const others = names.filter((name) => !NOT_COUNTED.has(name))
      if (others.length === 0) return 'empty'
      // A first backup that was cut off has left its lock (with what SQLite keeps beside it), and what it had written.
      const isCutOff = others.includes(LOCK) && others.every((name) => name === DATA || LEFT.test(name))
      return isCutOff ? 'ours' : 'foreign'
    },
    isWithin: async (folder) =>
      isInside(await realPath(operations, resolve(folder)), await realPath(operations, path)),
    holds: async (other) =>
      isInside(await realPath(operations, path), await realPath(operations, resolve(other))),
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
