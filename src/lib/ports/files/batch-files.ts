/** Files of MessagePack batches, wherever they lie. */
export interface BatchFiles {
  /**
   * Files that the patterns match, ascending by path, each once, named as the patterns name them (relative ones stay so).
   * @throws RagError USAGE for an empty one | INPUT_UNREADABLE
   */
  expand(globs: readonly string[]): Promise<readonly string[]>
  /** Size and time of a file; undefined when it is gone or can't be looked at. */
  stat(path: string): Promise<{readonly sizeBytes: number; readonly mtimeMs: number} | undefined>
  /** Renames a file to `NAME.failed`, with a reason in `NAME.failed.txt` beside it; says how it is called now. Never replaces a file. */
  setAside(path: string, reason: string): Promise<string>
  /** @throws RagError INPUT_MISSING | INPUT_UNREADABLE | BAD_INPUT (a folder, a device) */
  open(path: string): Promise<BatchFile>
  /**
   * Makes a folder for `archive`, before there is anything to be moved. @throws RagError DISK_FULL | STORE_UNUSABLE when there can be none,
   * or nothing can be written into it
   */
  prepareArchive(folder: string): Promise<void>
  /**
   * Moves a file into a folder (made if missing): by a rename, or, to another file system, by a copy that is whole and durable before the
   * original goes. With `compress` it is gzipped on its way, unless it is compressed already. A name that is taken gets `~2`, `~3`, ….
   * What lies in the folder already stays as it is. Returns where it is now. @throws RagError DISK_FULL | STORE_UNUSABLE; the original is then where it was
   */
  archive(path: string, folder: string, options: {readonly compress: boolean}): Promise<string>
  /** Absolute path of what stands beside a file. */
  beside(path: string, name: string): string
}

/** An opened file: always the one that was opened, also when another takes its name. */
export interface BatchFile {
  readonly path: string
  readonly absolutePath: string
  readonly sizeBytes: number
  readonly mtimeMs: number
  /** By which other threads of this process can read it until it is closed; absent where there is none. */
  readonly descriptor?: number | undefined
  /** Whether its bytes are packed by gzip or zstd: only reading all of them tells whether they are whole. @throws RagError INPUT_UNREADABLE */
  isPacked(): Promise<boolean>
  /**
   * Its bytes, those of gzip or zstd unpacked, from the start each time. @throws RagError INPUT_UNREADABLE | BAD_INPUT when what is packed
   * is damaged or cut off | INTERRUPTED
   */
  read(signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Lower-case hex SHA-256 of the file as it lies there. */
  sha256(signal?: AbortSignal): Promise<string>
  /** True when size or time of change are others than when it was opened: it was still being written. */
  hasChanged(): Promise<boolean>
  close(): Promise<void>
}
