import {join} from 'node:path'
import type {BackupReport} from '../model/operations/backup.js'

import {corpusName} from '../model/names.js'
import type {FileCopier, TextFiles} from '../ports/files/backup-folder.js'
import type {StoreSnapshots} from '../ports/store/store-snapshots.js'
import type {BackupFolder} from '../ports/files/backup-folder.js'
import type {BackupTools} from '../upkeep/backup/backup-job.js'
import {backupStore, checkBackupPlace} from '../upkeep/backup/backup-store.js'
import {RAG_VERSION} from './build-info.js'
import {requireCorpus, type Environment} from './environment.js'
import type {CallOptions} from './rag-options.js'
import {waitFor} from './wait-for.js'

/** What `Rag.backup` may be told. */
export interface BackupOptions extends CallOptions {
  /** Only this corpus. */
  readonly corpus?: string
  /** Replace a backup of another store or of other corpora. */
  readonly force?: boolean
  /** Read the files that are there from before, and copy damaged ones anew. */
  readonly verify?: boolean
}

/** The adapters that backups are made with, of one folder. */
export interface BackupAdapters {
  readonly folder: BackupFolder
  readonly snapshots: StoreSnapshots
  readonly copier: FileCopier
  readonly texts: TextFiles
  readonly lock: (kind: 'exclusive' | 'shared') => Promise<() => void>
}

/** Loaded when a backup is made or restored, not before. */
export async function backupAdapters(env: Environment, dir: string): Promise<BackupAdapters> {
  const [files, copier, texts, operations, sqlite, lock] = await Promise.all([
    import('../adapters/files/backup-folder.js'),
    import('../adapters/files/artifacts/file-copier.js'),
    import('../adapters/files/text-files.js'),
    import('../adapters/files/file-operations.js'),
    import('../adapters/sqlite/snapshots/store-snapshots.js'),
    import('../adapters/sqlite/folder-lock.js'),
  ])
  const {nodeFileOperations} = operations
  const {pid, host} = env.processes.self()
  const self = {pid, host, isAlive: (other: number) => env.processes.isRunning(other)}
  const folder = files.createBackupFolder({path: dir, self})
  return {
    folder,
    snapshots: sqlite.sqliteSnapshots({path: join(env.dataDir, 'rag.db'), clock: env.clock}),
    copier: copier.createFileCopier(nodeFileOperations),
    texts: texts.createTextFiles(nodeFileOperations),
    lock: (kind) => lock.lockFile(folder.lockPath, kind),
  }
}

/** `Rag.backup`. */
export async function backup(env: Environment, dir: string, options: BackupOptions): Promise<BackupReport> {
  const corpus = options.corpus === undefined ? undefined : corpusName(options.corpus)
  const store = await env.reader()
  if (corpus !== undefined) await requireCorpus(store, corpus)
  const {lock, ...adapters} = await backupAdapters(env, dir)
  const tools: BackupTools = {
    ...adapters,
    sources: {index: env.indexFiles, model: env.modelFiles},
    clock: env.clock,
    digest: env.digest,
  }
  const {signal, onProgress, force = false, verify = false} = options
  const job = {
    dataDir: env.dataDir,
    indexDir: env.indexDir,
    configFile: join(env.dataDir, 'config.json'),
    ragVersion: RAG_VERSION,
    force,
    verify,
    ...(corpus === undefined ? {} : {corpus}),
    ...(signal ? {signal} : {}),
    ...(onProgress ? {onProgress} : {}),
  }
  await checkBackupPlace(tools, job)
  await adapters.folder.make()
  const unlock = await waitFor(env, 'STORE_BUSY', () => lock('exclusive'), signal)
  try {
    return await backupStore(tools, job)
  } finally {
    unlock()
  }
}
