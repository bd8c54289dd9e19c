/** A file as it lies in the folder of an export. */
export interface ExportedBytes {
  readonly size_bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

export type Packing = 'gzip' | 'zstd'

/** A folder that a corpus is exported to. */
export interface ExportFolder {
  /** Absolute. */
  readonly path: string
  /** `ours`: an export was made, or begun, there. `foreign`: it holds other things. */
  look(): Promise<'missing' | 'empty' | 'ours' | 'foreign'>
  /** Makes the folder and those above it. */
  make(): Promise<void>
  /** The text of the manifest; undefined when there is none. */
  readManifest(): Promise<string | undefined>
  /** Takes the manifest away: what is there is no export any more. */
  removeManifest(): Promise<void>
  /**
   * Writes a file: under its name only when it is whole and durable. The same bytes give the same file, packed or not.
   * @throws RagError DISK_FULL | STORE_UNUSABLE
   */
  write(name: string, bytes: AsyncIterable<Uint8Array>, packing?: Packing): Promise<ExportedBytes>
  /** Copies a file in, likewise. */
  copyIn(path: string, name: string): Promise<ExportedBytes>
  /** Puts the manifest in place, durable when it returns: from then on this is the export. */
  writeManifest(text: string): Promise<void>
  /** Removes files by name, and what cut-off exports left; never fails. */
  remove(names: readonly string[]): Promise<void>
}
