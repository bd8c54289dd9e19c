import {join} from 'node:path'
import type {BackupReport} from '../../model/operations/backup.js'

import {commitsLost} from '../../model/errors/store/store.js'
import {corpusName} from '../../model/names.js'
import type {FileCopier, TextFiles} from '../../ports/files/backup-folder.js'
import type {StoreSnapshots} from '../../ports/store/store-snapshots.js'
import type {BackupFolder} from '../../ports/files/backup-folder.js'
import type {BackupTools} from './backup-job.js'
import {backupStore, checkBackupPlace} from './backup-store.js'
import type {Services} from '../../ports/services.js'
import {requireCorpus} from '../../corpus/require-corpus.js'
import type {CallOptions} from '../../model/operations/call.js'
import {waitFor} from '../../kernel/wait-for.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'build'
  | 'clock'
  | 'dataDir'
  | 'digest'
  | 'files'
  | 'indexDir'
  | 'indexFiles'
  | 'modelFiles'
  | 'store'
  | 'waitMs'
>

/** What `Rag.backup` may be told. */
export interface BackupOptions extends CallOptions {
  /** Only this corpus. */
  readonly corpus?: string | undefined
  /** Replace a backup of another store or of other corpora. */
  readonly force?: boolean | undefined
  /** Read the files that are there from before, and copy damaged ones anew. */
  readonly verify?: boolean | undefined
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
export async function backupAdapters({files}: Pick<Services, 'files'>, dir: string): Promise<BackupAdapters> {
  const [folder, snapshots, copier, texts] = await Promise.all([
    files.backupFolder(dir),
    files.snapshots(),
    files.fileCopier(),
    files.textFiles(),
  ])
  return {folder, snapshots, copier, texts, lock: (kind) => files.lock(folder.lockPath, kind)}
}

/** `Rag.backup`. */
export async function backup(services: Needs, dir: string, options: BackupOptions): Promise<BackupReport> {
  const corpus = options.corpus === undefined ? undefined : corpusName(options.corpus)
  const store = await services.store.read()
  if (corpus !== undefined) await requireCorpus(store, corpus)
  const {lock, ...adapters} = await backupAdapters(services, dir)
  const tools: BackupTools = {
    ...adapters,
    sources: {index: services.indexFiles, model: services.modelFiles},
    clock: services.clock,
    digest: services.digest,
  }
  const {signal, onProgress, force = false, verify = false} = options
  const job = {
    dataDir: services.dataDir,
    indexDir: services.indexDir,
    configFile: join(services.dataDir, 'config.json'),
    ragVersion: services.build.version,
    force,
    verify,
    ...(corpus === undefined ? {} : {corpus}),
    signal,
    onProgress,
  }
  await checkBackupPlace(tools, job)
  // What is gone here may be in the backup that is there.
  const lost = await store.lostCommits()
  if (lost && (await adapters.folder.readManifest()) !== undefined) throw commitsLost(services.dataDir, lost)
  await adapters.folder.make()
  const unlock = await waitFor(services, 'STORE_BUSY', () => lock('exclusive'), signal)
  try {
    return await backupStore(tools, job)
  } finally {
    unlock()
  }
}
