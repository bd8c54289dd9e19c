import {join} from 'node:path'
import {createArtifactFiles} from '../adapters/files/artifacts/artifact-files.js'
import {namesOf, type StagingProcess} from '../adapters/files/artifacts/artifact-names.js'
import type {DigestSource} from '../adapters/files/artifacts/digest-thread.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import {residentBytes} from '../adapters/system/resident-bytes.js'
import type {ApartReader} from '../loading/apart/apart-reader.js'
import type {ReadApart} from '../ports/document-loader.js'
import type {FileServices} from '../ports/services.js'
import type {ProcessTable} from '../ports/store/lease.js'
import type {Clock} from '../ports/surroundings.js'
import {closeAll} from './close-all.js'
import {workerUrl} from './worker-url.js'

interface FilePlace {
  readonly dataDir: string
  readonly indexDir: string
  readonly clock: Clock
  readonly processes: ProcessTable
}

/** Who stages files: this process, so that those of dead ones can be told apart. */
function stagingProcess(processes: ProcessTable): StagingProcess {
  const {pid, host} = processes.self()
  return {pid, host, isAlive: (other) => processes.isRunning(other)}
}

/** The index and model files of a store; with `digest`, they are hashed by that. */
export function artifactFiles(
  {dataDir, indexDir, processes}: FilePlace,
  digest?: DigestSource,
): {readonly indexFiles: ArtifactFiles; readonly modelFiles: ArtifactFiles} {
  const self = stagingProcess(processes)
  const files = (root: string, isOurs: (base: string) => boolean): ArtifactFiles =>
    createArtifactFiles({root, self, isOurs, digest})
  return {
    indexFiles: files(indexDir, namesOf('segment')),
    modelFiles: files(join(dataDir, 'models'), namesOf('model')),
  }
}

/** The thread that reads documents: made by the first file that needs it. */
export class DocumentReader {
  #reader: Promise<ApartReader> | undefined

  async open(): Promise<ReadApart> {
    this.#reader ??= import('../loading/apart/apart-reader.js').then(
      ({ApartReader}) => new ApartReader({url: workerUrl('loading-worker'), residentBytes}),
    )
    const reader = await this.#reader
    return (type, file) => reader.read(type, file)
  }

  async close(): Promise<void> {
    await closeAll([this.#reader])
    this.#reader = undefined
  }
}

/** Files on the disks of this machine. Each adapter is loaded when it is first asked for: most calls need none of them. */
export function createFileServices(place: FilePlace, reader: DocumentReader): FileServices {
  const {dataDir, clock, processes} = place
  const self = stagingProcess(processes)
  const operations = async () => (await import('../adapters/files/file-operations.js')).nodeFileOperations
  return {
    sourceTree: async () => (await import('../adapters/files/sources/folder-tree.js')).createFolderTree(),
    readApart: () => reader.open(),
    batchFiles: async () => (await import('../adapters/files/batches/batch-files.js')).createBatchFiles(),
    textFiles: async () =>
      (await import('../adapters/files/text-files.js')).createTextFiles(await operations()),
    fileCopier: async () =>
      (await import('../adapters/files/artifacts/file-copier.js')).createFileCopier(await operations()),
    exportFolder: async (dir) =>
      (await import('../adapters/files/batches/export-folder.js')).createExportFolder(dir),
    exampleFiles: async () => {
      const {createExampleFiles} = await import('../adapters/files/examples/example-files.js')
      return createExampleFiles({pid: self.pid, isRunning: (pid) => processes.isRunning(pid)})
    },
    backupFolder: async (path) =>
      (await import('../adapters/files/backup-folder.js')).createBackupFolder({path, self}),
    snapshots: async () => {
      const {sqliteSnapshots} = await import('../adapters/sqlite/snapshots/store-snapshots.js')
      return sqliteSnapshots({path: join(dataDir, 'rag.db'), clock})
    },
    restoreFiles: () => createArtifactFiles({root: dataDir, self, isOurs: namesOf('database')}),
    hashedInThread: async () => {
      const {DigestThread} = await import('../adapters/files/artifacts/digest-thread.js')
      const thread = new DigestThread(workerUrl('digest-worker'))
      return {...artifactFiles(place, thread.digest), close: () => thread.close()}
    },
    events: async (folders, onTrouble) => {
      const {pollingOnly, createFileEvents} = await import('../adapters/files/file-events.js')
      return folders.length === 0 ? pollingOnly() : createFileEvents(folders, onTrouble)
    },
    users: async () => (await import('../adapters/sqlite/file-users.js')).sqliteFileUsers(processes, clock),
    storedFiles: async () => (await import('../adapters/files/stored-files.js')).createStoredFiles(),
    lock: async (path, kind, what) =>
      (await import('../adapters/sqlite/folder-lock.js')).lockFile(path, kind, what),
    realPath: async (path) =>
      (await import('../adapters/files/real-path.js')).realPath(await operations(), path),
    folderRights: async (path) => (await import('../adapters/files/folder-rights.js')).folderRights(path),
  }
}
