/** A file as it lies in the folder of an export. */
export interface ExportedBytes {
  readonly size_bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

/** A file that is whole and durable, under a name that nobody takes for a batch. */
export interface StagedFile extends ExportedBytes {
  readonly stagedAs: string
}

export type Packing = 'gzip' | 'zstd'

/** A folder that a corpus leaves to. */
export interface ExportFolder {
  /** Absolute. */
  readonly path: string
  /** Of the file by whose lock writers keep each other out. */
  readonly lockPath: string
  /** `empty`: nothing but what cut-off exports left. `labelled`: there is a manifest, of whatever kind. `foreign`: it holds other things. */
  state(): Promise<'missing' | 'empty' | 'labelled' | 'foreign'>
  /** True when it is this folder or lies in it, links followed. */
  isWithin(folder: string): Promise<boolean>
  /** True when the folder is this one or lies in it, links followed. */
  contains(folder: string): Promise<boolean>
  /** Makes the folder and those above it. @throws RagError STORE_READ_ONLY | STORE_UNUSABLE | DISK_FULL */
  make(): Promise<void>
  /** Makes a file and takes it away again, whoever writes meanwhile. @throws RagError as `make` */
  requireWritable(): Promise<void>
  /** The text of the manifest; undefined when there is none. */
  readManifest(): Promise<string | undefined>
  /**
   * Writes a file under a hidden name. The same bytes give the same file, packed or not; what was written is read again.
   * @throws RagError DISK_FULL | STORE_READ_ONLY | STORE_UNUSABLE
   */
  stage(bytes: AsyncIterable<Uint8Array>, packing?: Packing): Promise<StagedFile>
  /** Copies a file, likewise. */
  stageCopy(path: string): Promise<StagedFile>
  /**
   * Gives staged files their names, all durable when it returns. These names, and `former` ones whose files are to go, are written down
   * first: `vacuum` takes away what is known by that, also after a crash.
   */
  publish(
    files: readonly {readonly staged: StagedFile; readonly name: string}[],
    former: readonly string[],
  ): Promise<void>
  /** Puts the manifest in place, durable when it returns. */
  writeManifest(text: string): Promise<void>
  /**
   * Removes what is staged, and of the names that were written down all that are not to be kept. With `dropNames` (default) the manifest is
   * certain, and so is what is left: the names are given up. Never fails.
   */
  vacuum(keep: readonly string[], how?: {readonly dropNames: boolean}): Promise<void>
}
