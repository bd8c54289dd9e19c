import type {SnapshotFacts, StoreFile} from '../../model/operations/backup.js'
import type {CorpusName} from '../../model/names.js'
import type {Lease} from './lease.js'

/** What calls that copy a whole database take. */
export interface PageCopying {
  readonly onBytes?: ((doneBytes: number, totalBytes: number) => void) | undefined
  /** Stops the copying; the copy is then gone. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Copies of the file in which a store keeps its data: made while others write, read, and put in the place of the live one. It is no part of
 * `Store`: a store that keeps its data in no file, as the one in memory does with which tests run, has none, and backup and restore are not
 * possible over it.
 */
export interface StoreSnapshots {
  /**
   * Tells states of the live database apart without reading it: equal texts, equal content, provided that it was not written
   * within the last moments (`changedAtMs`, by the clock of the file system) before the text was made.
   */
  state(): Promise<{readonly text: string; readonly changedAtMs: number}>
  /** Files that the live database names now. */
  liveFiles(): Promise<readonly StoreFile[]>
  /**
   * Copies the database as it is at one instant to a new file; others write on meanwhile, and the copy is never begun anew for
   * that. With `corpus`, only that one is in it. Leases are not held in it. The copy was checked when the promise resolves,
   * is one file without a log, and is not synced. Chunks that are not what was stored (by their hashes) make it no worse a database: they
   * are named, as `CORPUS: DOCUMENT#c0001`, for the caller to judge.
   * @throws RagError STORE_MISSING | CORPUS_MISSING | STORE_DAMAGED | DISK_FULL | STORE_UNUSABLE | INTERRUPTED
   */
  take(
    path: string,
    options: PageCopying & {readonly corpus?: CorpusName | undefined},
  ): Promise<{readonly damagedTexts: readonly string[]}>
  /** What a copy holds. Changes nothing, also on a read-only disk. @throws RagError STORE_DAMAGED | STORE_NEWER | STORE_UNUSABLE */
  inspect(path: string): Promise<SnapshotFacts>
  /** What is wrong with a copy, in words: nothing when it is whole. Reads every page. */
  findFaults(path: string): Promise<readonly string[]>
  /**
   * Puts a copy in the place of the live database, in one step that others see as a commit: who reads goes on, and sees it with
   * the next statement; what a kill cuts off has not happened. Versions of corpora and tokens of leases go up, never down.
   * The copy itself is brought up to date before, and changed. Files in `renamed` are called otherwise from then on, by kind
   * and name. `lease` must be that of the whole store, and is held afterwards. Durable when the promise resolves.
   * @throws RagError STORE_BUSY | DISK_FULL | STORE_UNUSABLE | INTERRUPTED
   */
  putInPlace(
    path: string,
    options: PageCopying & {
      readonly lease: Lease
      readonly renamed: readonly {
        readonly kind: StoreFile['kind']
        readonly from: string
        readonly to: string
      }[]
    },
  ): Promise<void>
  /** Gives a database that can't be used another name, with its log, and says which. Nobody must have it open. */
  setAside(): Promise<string>
}
