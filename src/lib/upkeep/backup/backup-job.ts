import type {CorpusName} from '../../model/names.js'
import type {ArtifactFiles} from '../../ports/files/artifact-files.js'
import type {BackupFolder, FileCopier, TextFiles} from '../../ports/files/backup-folder.js'
import type {Services} from '../../ports/services.js'
import type {Lease} from '../../ports/store/lease.js'
import type {StoreSnapshots} from '../../ports/store/store-snapshots.js'
import type {Clock, Digest, ProgressSink} from '../../ports/surroundings.js'

/** Where a restore makes the copy of the database ready, below the data folder. */
export const RESTORE_FOLDER = 'restore'

/** What a backup is made with. */
export interface BackupTools {
  readonly snapshots: StoreSnapshots
  readonly folder: BackupFolder
  readonly copier: FileCopier
  readonly texts: TextFiles
  readonly sources: Readonly<Record<'index' | 'model', ArtifactFiles>>
  readonly clock: Clock
  readonly digest: Digest
}

/** What to back up, and how. */
export interface BackupJob {
  /** Absolute paths. */
  readonly dataDir: string
  readonly indexDir: string
  readonly configFile: string
  readonly ragVersion: string
  readonly corpus?: CorpusName | undefined
  /** Replace a backup of other things, too. */
  readonly force?: boolean | undefined
  /** Read every file that is there from before, and copy damaged ones anew. */
  readonly verify?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
}

/** The adapters that backups are made with, of one folder. */
export interface BackupAdapters {
  readonly folder: BackupFolder
  readonly snapshots: StoreSnapshots
  readonly copier: FileCopier
  readonly texts: TextFiles
  readonly lock: (kind: 'exclusive' | 'shared') => Promise<() => void>
}

/** What a restore is made with. */
export interface RestoreTools extends Omit<BackupAdapters, 'lock'> {
  readonly targets: Readonly<Record<'index' | 'model', ArtifactFiles>>
  /** For the copy of the database, below the data folder. */
  readonly staging: ArtifactFiles
}

/** How to restore, under which lease. */
export interface RestoreJob {
  /** Of the whole store. */
  readonly lease: Lease
  readonly configFile: string
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
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
