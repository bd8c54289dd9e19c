import type {ArtifactFiles} from './artifact-files.js'
import type {SealedFile} from '../../model/segment.js'

/** A folder that backups are made into. */
export interface BackupFolder {
  /** Absolute. */
  readonly path: string
  /** The file whose lock keeps a second process out, and which marks the folder as one for backups. */
  readonly lockPath: string
  /** All files of backups, below `data/`. */
  readonly files: ArtifactFiles
  /** Whether an absolute path is the folder, or lies in it; links are followed. */
  holds(path: string): Promise<boolean>
  /** `ours`: backups were made, or begun, there. `foreign`: it holds other things. */
  state(): Promise<'missing' | 'empty' | 'ours' | 'foreign'>
  /** True when the folder lies in another, or is it; links are followed. */
  isWithin(folder: string): Promise<boolean>
  /** Makes the folder and those above it. */
  make(): Promise<void>
  /** The text of the manifest; undefined when there is none. */
  readManifest(): Promise<string | undefined>
  /** Puts a new manifest in the place of the old, durable and read back when the promise resolves. */
  writeManifest(text: string): Promise<void>
}

/** Small files that are read and replaced whole. */
export interface TextFiles {
  /** Undefined when there is none. @throws RagError STORE_UNUSABLE */
  read(path: string): Promise<string | undefined>
  /**
   * Old or new content at any instant; the new one is durable and was read back when the promise resolves.
   * @throws RagError DISK_FULL | STORE_READ_ONLY | STORE_UNUSABLE
   */
  replace(path: string, text: string): Promise<void>
}

/** Copies files into folders of write-once files. */
export interface FileCopier {
  /**
   * Copies a file in under a name (or one like it, when that is taken) and seals it. When the source is not there, can't be
   * read, or is not as expected, says so instead; a copy that is not as expected is left to the next vacuum.
   * @throws RagError DISK_FULL | STORE_READ_ONLY | STORE_UNUSABLE
   */
  copyInto(
    files: ArtifactFiles,
    source: {readonly path: string; readonly expected?: Pick<SealedFile, 'sizeBytes' | 'sha256'> | undefined},
    name: string,
  ): Promise<{readonly sealed: SealedFile} | {readonly problem: string}>
}
