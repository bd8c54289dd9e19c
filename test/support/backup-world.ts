import {cpSync, existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createArtifactFiles} from '../../src/lib/adapters/files/artifacts/artifact-files.js'
import {createBackupFolder} from '../../src/lib/adapters/files/backup-folder.js'
import {createFileCopier} from '../../src/lib/adapters/files/artifacts/file-copier.js'
import {nodeFileOperations, type FileOperations} from '../../src/lib/adapters/files/file-operations.js'
import {createTextFiles} from '../../src/lib/adapters/files/text-files.js'
import {openSqliteStore} from '../../src/lib/adapters/sqlite/open-store.js'
import {sqliteSnapshots} from '../../src/lib/adapters/sqlite/snapshots/store-snapshots.js'
import {systemClock} from '../../src/lib/adapters/system/clock.js'
import {systemDigest} from '../../src/lib/adapters/system/digest.js'
import {systemProcesses} from '../../src/lib/adapters/system/process-table.js'
import type {BackupReport} from '../../src/lib/model/operations/backup.js'
import {WHOLE_STORE} from '../../src/lib/ports/store/lease.js'
import type {Clock} from '../../src/lib/ports/surroundings.js'
import type {BackupJob} from '../../src/lib/upkeep/backup/backup-job.js'
import {writeBackup} from '../../src/lib/upkeep/backup/backup.js'
import {checkBackup, type CheckedBackup} from '../../src/lib/upkeep/backup/check-backup.js'
import {restoreStore} from '../../src/lib/upkeep/backup/restore.js'

/** In memory where there is such a folder: every step is made to fail, so there are many. */
const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const SELF = {pid: process.pid, host: 'here', isAlive: () => true}

/** A store and a folder for backups, with the library's stages between them, on a file system that may fail. */
export class BackupWorld {
  readonly root: string
  readonly data: string
  readonly dir: string
  readonly #operations: FileOperations
  readonly #clock: Clock

  constructor(
    options: {
      readonly like?: BackupWorld
      readonly store?: string
      readonly operations?: FileOperations
      readonly clock?: Clock
    } = {},
  ) {
    this.root = mkdtempSync(path.join(BASE, 'rag-backup-'))
    this.data = path.join(this.root, 'data')
    this.dir = path.join(this.root, 'copies')
    this.#operations = options.operations ?? nodeFileOperations
    this.#clock = options.clock ?? systemClock
    if (options.like) cpSync(options.like.root, this.root, {recursive: true})
    else if (options.store !== undefined) cpSync(options.store, this.data, {recursive: true})
  }

  remove(): void {
    rmSync(this.root, {recursive: true, force: true})
  }

  #files(root: string, operations = this.#operations) {
    return createArtifactFiles({root, operations, self: SELF})
  }

  /** The names of all files below the backup folder's `data/`. */
  filesOfBackup(): string[] {
    const data = path.join(this.dir, 'data')
    if (!existsSync(data)) return []
    return readdirSync(data, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(this.dir, path.join(entry.parentPath, entry.name)))
      .sort()
  }

  #tools(operations: FileOperations) {
    return {
      folder: createBackupFolder({path: this.dir, operations, self: SELF}),
      snapshots: sqliteSnapshots({path: path.join(this.data, 'rag.db'), clock: this.#clock}),
      copier: createFileCopier(operations),
      texts: createTextFiles(operations),
      clock: this.#clock,
      digest: systemDigest,
    }
  }

  async backup(job: Partial<BackupJob> = {}): Promise<BackupReport> {
    const sources = {
      index: this.#files(path.join(this.data, 'indexes')),
      model: this.#files(path.join(this.data, 'models')),
    }
    const tools = {...this.#tools(this.#operations), sources}
    await tools.folder.make()
    return writeBackup(tools, {
      // Of a copied world, too, so that a backup knows the store again.
      dataDir: '/the/store',
      indexDir: '/the/store/indexes',
      configFile: path.join(this.data, 'config.json'),
      ragVersion: '0',
      ...job,
    })
  }

  /** Reads every byte with sound tools. @throws RagError when it is not whole */
  check(operations: FileOperations = nodeFileOperations): Promise<CheckedBackup> {
    return checkBackup(this.#tools(operations), {storeFormat: 1000})
  }

  async restore(): Promise<void> {
    const checked = await this.check()
    const processes = systemProcesses()
    const store = await openSqliteStore({
      path: path.join(this.data, 'rag.db'),
      clock: this.#clock,
      processes,
      access: 'create',
    })
    try {
      const lease = await store.acquireLease(WHOLE_STORE, processes.self(), 'restore')
      const targets = {
        index: this.#files(path.join(this.data, 'indexes')),
        model: this.#files(path.join(this.data, 'models')),
      }
      const tools = {...this.#tools(this.#operations), targets, staging: this.#files(this.data)}
      try {
        await restoreStore(tools, checked, {lease, configFile: path.join(this.data, 'config.json')})
      } finally {
        await store.releaseLease(lease)
      }
    } finally {
      await store.close()
    }
  }
}
