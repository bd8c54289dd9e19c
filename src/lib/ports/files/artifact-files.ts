import type {SealedFile} from '../../model/segment.js'

/**
 * Write-once files in one folder: index segments, fitted models. The safety is in the order:
 * stage → write → `seal` (fsync, size + SHA-256, rename, fsync folder) → a row in the store publishes it → `vacuum`.
 * A file without a row is an orphan.
 */
export interface ArtifactFiles {
  /** A path to write new bytes to, under a temporary name in the right folder (made if missing). `name` may hold `/`. */
  stage(name: string): Promise<string>
  /**
   * Makes a staged file durable under its final name and says what it is.
   * @throws RagError DISK_FULL | STORE_UNUSABLE; the staged file is then gone and nothing else has changed
   */
  seal(stagedPath: string, name: string): Promise<SealedFile>
  /** Throws away a staged file; never fails. */
  discard(stagedPath: string): Promise<void>
  /** Absolute path of a sealed file. */
  path(file: string): string
  /** True when the file is there with the right size; cheap, its bytes are not read. */
  present(sealed: SealedFile): Promise<boolean>
  /**
   * Reads the whole file and compares size and SHA-256.
   * @throws RagError STORE_UNUSABLE when it cannot be read for a reason that says nothing about its bytes (rights, open files)
   */
  check(sealed: SealedFile): Promise<FileCheck>
  /** Renames a bad file to `NAME.corrupt` so that nobody loads it; never fails. */
  setAside(file: string): Promise<void>
  /**
   * Removes files under `folder` that are not in `keep`: staged ones of dead processes, unpublished and replaced ones.
   * Files set aside stay for inspection while they are missed: their name is kept, and no whole file has it; with `evenSetAside` they go
   * at once. Folders in `except` are passed over, with what is in them. Never fails; says what was removed.
   */
  vacuum(
    folder: string,
    keep: ReadonlySet<string>,
    options?: {
      readonly evenSetAside?: boolean | undefined
      readonly except?: ReadonlySet<string> | undefined
    },
  ): Promise<{removed: readonly string[]; bytes: number}>
  /** What such a vacuum would remove, files set aside included. Changes nothing, never fails. */
  orphans(folder: string, keep: ReadonlySet<string>): Promise<readonly OrphanFile[]>
}

export interface OrphanFile {
  readonly file: string
  readonly sizeBytes: number
  /** `staged` by a process that is gone, `set-aside` as bad, or `unnamed`: published by no row. */
  readonly kind: 'staged' | 'set-aside' | 'unnamed'
}

export type FileCheck = {readonly ok: true} | {readonly ok: false; readonly reason: string}
