import type {Analyser} from './analyser.js'
import type {ChatModel} from './chat-model.js'
import type {EmbedderProvider} from './embedder-provider.js'
import type {Embedder, FittedModel} from './embedder.js'
import type {ArtifactFiles} from './files/artifact-files.js'
import type {BackupFolder, FileCopier, TextFiles} from './files/backup-folder.js'
import type {BatchFiles} from './files/batch-files.js'
import type {ExampleFiles} from './files/example-files.js'
import type {ExportFolder} from './files/export-folder.js'
import type {FileEvents} from './files/file-events.js'
import type {SourceTree} from './files/source-tree.js'
import type {StoredFiles} from './files/stored-files.js'
import type {ModelLibrary} from './model-library.js'
import type {FileUsers} from './store/file-users.js'
import type {KeyValueCache} from './store/key-value-cache.js'
import type {ProcessTable} from './store/lease.js'
import type {ReadApart} from './document-loader.js'
import type {Store} from './store/store.js'
import type {StoreSnapshots} from './store/store-snapshots.js'
import type {Clock, Digest, Logger} from './surroundings.js'
import type {OpenSegment, SegmentBuilder, SegmentLoader} from './vector-index.js'
import type {EmbedderIdentity, ModelSpec, VectorBlock} from '../model/embedding.js'

/**
 * What a use case may ask for. Each takes `Pick<Services, …>` of what it uses; `engine/` makes all of them, and a test some. Whatever costs
 * time to load is made when it is first asked for, and kept until the store is closed.
 */
export interface Services {
  readonly clock: Clock
  readonly logger: Logger
  readonly digest: Digest
  readonly processes: ProcessTable
  readonly build: BuildInfo
  /** Folder of the store, absolute. */
  readonly dataDir: string
  /** Folder of the index segments, absolute. */
  readonly indexDir: string
  /** Most worker threads at once, at least 1. */
  readonly threads: number
  /** How long a writer waits for another process to end, in milliseconds. */
  readonly waitMs: number
  readonly analyser: Analyser
  readonly store: StoreAccess
  readonly indexFiles: ArtifactFiles
  readonly modelFiles: ArtifactFiles
  readonly files: FileServices
  readonly models: ModelServices
  readonly index: IndexServices
  readonly memory: MemoryServices
  /** Caches of vectors, results and answers; undefined when they are off, unless what is in them is to be shown or removed (`evenOff`). */
  cache(options?: {readonly evenOff?: boolean | undefined}): Promise<KeyValueCache | undefined>
  /** The entry of a worker thread, for `WorkerThread`. */
  workerUrl(name: string): URL
}

/** What this program is. */
export interface BuildInfo {
  readonly version: string
  readonly node: string
  /** The format that stores are written in. */
  readonly storeFormat: number
}

/** The one store, opened by the first who asks. */
export interface StoreAccess {
  /** For reading. @throws RagError STORE_MISSING */
  read(): Promise<Store>
  /**
   * For writing; `create` makes a store that is missing. A store whose latest commits are gone is not written before that is accepted, but
   * by who mends it (`evenAfterLoss`). @throws RagError STORE_MISSING without `create` | COMMITS_LOST
   */
  write(access: 'create' | 'write', options?: {readonly evenAfterLoss?: boolean | undefined}): Promise<Store>
  /** Damaged rows that reads of what is open have left out since this was last asked, as `TABLE KEY`. */
  takeDamage(): Promise<readonly string[]>
  /** Lets go of what is open, so that the next call opens the store anew: its files were put in place of others. */
  reopen(): Promise<void>
}

/** Files and folders outside the store, and the locks on them. */
export interface FileServices {
  sourceTree(): Promise<SourceTree>
  /** Reads files whose formats may cost much, in a thread that is started by the first of them. */
  readApart(): Promise<ReadApart>
  batchFiles(): Promise<BatchFiles>
  textFiles(): Promise<TextFiles>
  fileCopier(): Promise<FileCopier>
  exportFolder(dir: string): Promise<ExportFolder>
  exampleFiles(): Promise<ExampleFiles>
  backupFolder(dir: string): Promise<BackupFolder>
  /** Of the database of this store, which has to be one that keeps its data in a file: SQLite's. */
  snapshots(): Promise<StoreSnapshots>
  /** The database of a restore under way, in the data folder. */
  restoreFiles(): ArtifactFiles
  /** Index and model files, hashed in a thread of their own until `close`. */
  hashedInThread(): Promise<{
    readonly indexFiles: ArtifactFiles
    readonly modelFiles: ArtifactFiles
    close(): Promise<void>
  }>
  /** Changes below the folders; without any folder, none: who waits for the next waits for the time to pass. */
  events(folders: readonly string[], onTrouble: (message: string) => void): Promise<FileEvents>
  users(): Promise<FileUsers>
  /** Whatever lies below folders, by its bytes. */
  storedFiles(): Promise<StoredFiles>
  /**
   * Locks a file until the answer is called or the process ends. `what` names its folder to people.
   * @throws RagError STORE_BUSY when another process holds it | STORE_UNUSABLE
   */
  lock(path: string, kind: 'exclusive' | 'shared', what?: string): Promise<() => void>
  /** The path with its links resolved, as far as it is there. */
  realPath(path: string): Promise<string>
  /** What this user, and others, may do in a folder; undefined when there is none. */
  folderRights(
    path: string,
  ): Promise<{readonly isWritable: boolean; readonly isOpenToAll: boolean} | undefined>
}

/** Models: learned from the corpus, run in this process, or served by others. */
export interface ModelServices {
  /** The model that is learned from the corpus. */
  learned(): Promise<FittedModel>
  /** Who serves models by name. */
  providers(): Promise<readonly EmbedderProvider[]>
  /** Models that run in this process. */
  library(): Promise<ModelLibrary>
  /**
   * An embedder of queries that is opened once and stays so until the store is closed, however often the corpus changes meanwhile. What can't
   * be opened is tried again the next time.
   */
  keptOpen(
    by: {readonly spec: ModelSpec; readonly known: EmbedderIdentity | undefined},
    open: () => Promise<Embedder>,
  ): Promise<Embedder>
  /** A chat model by its name, opened once. @throws RagError USAGE | CHAT_REFUSED | NATIVE_MODULE_MISSING */
  chat(name: string): Promise<ChatModel>
}

/** The vector index. */
export interface IndexServices {
  builder(): Promise<SegmentBuilder>
  /** `leastEf`: how many candidates a search looks at, at least. */
  loader(options?: {readonly leastEf?: number | undefined}): Promise<SegmentLoader>
  /** Makes a segment of vectors in memory, searched exactly. */
  exact(): Promise<(block: VectorBlock, dimension: number) => OpenSegment>
}

/** Memory that the collector would leave for too long. */
export interface MemoryServices {
  /** Gives back at once what much work has left. */
  collect(): void
  /** Gives the memory of arrays back; they are empty afterwards. */
  free(...arrays: readonly ArrayBufferView[]): void
}
