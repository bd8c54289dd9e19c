import type {CorpusName} from '../../model/names.js'
import type {ArtifactFiles} from '../../ports/files/artifact-files.js'
import type {BackupFolder, FileCopier, TextFiles} from '../../ports/files/backup-folder.js'
import type {StoreSnapshots} from '../../ports/store/store-snapshots.js'
import type {Clock, Digest, ProgressSink} from '../../ports/surroundings.js'

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
