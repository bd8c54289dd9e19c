/** A file open for reading. */
export interface ReadableFile {
  /** Fills `buffer` from `position`; gives how many bytes came, which may be fewer than fit: 0 at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>
  sizeBytes(): Promise<number>
  close(): Promise<void>
}

/** A new file open for writing. */
export interface WritableFile {
  /** Appends all of the bytes. */
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Files that are read at any place and written from front to back. All reject with the system's own error (`code` is `ENOSPC`, `ENOENT`, …). */
export interface RandomAccessFiles {
  open(path: string): Promise<ReadableFile>
  /** Makes a file, or empties the one that is there. Nothing is durable. */
  create(path: string): Promise<WritableFile>
  unlink(path: string): Promise<void>
}
