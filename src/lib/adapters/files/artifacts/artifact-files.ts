import {basename, dirname, join, resolve} from 'node:path'
import type {SealedFile} from '../../../model/segment.js'
import type {ArtifactFiles, FileCheck, OrphanFile} from '../../../ports/files/artifact-files.js'
import {
  diskFull,
  fileFailed,
  fileIncomplete,
  filesReadOnly,
  strayArtifactName,
} from '../../../model/errors/files/written-file.js'
import {RagError} from '../../../model/errors/rag-error.js'
import {badArtifactName} from '../../../model/errors/store/store-rules.js'
import {systemCode} from '../system-errors.js'
import {digestFile, type FileDigest} from './artifact-digest.js'
import type {DigestSource} from './digest-thread.js'
import {
  CORRUPT_SUFFIX,
  hostTag,
  isArtifactName,
  numberedName,
  stagedName,
  type StagingProcess,
} from './artifact-names.js'
import {findOrphans, vacuumFolder, type VacuumRules, type Vacuumed} from './artifact-vacuum.js'
import {nodeFileOperations, type FileOperations} from '../file-operations.js'

export interface ArtifactFilesOptions {
  /** Absolute path of the folder that holds all files; made when the first is staged. */
  readonly root: string
  /** The file system; the real one when absent. */
  readonly operations?: FileOperations
  readonly self: StagingProcess
  /** Whether a file may be one of these, by its base name: others are never vacuumed, nor called orphans. All may when absent. */
  readonly isOurs?: (base: string) => boolean
  /** What `check` hashes files with; this thread when absent. */
  readonly digest?: DigestSource | undefined
}

const NONE: ReadonlySet<string> = new Set()

/** Absolute paths of files that are being written by this process. */
const STAGED = new Set<string>()

/** Names tried for a file whose name is taken by one that no row may name any more. */
const MOST_NAMES = 1000

/** Write-once files in a folder of the file system. */
export function createArtifactFiles(options: ArtifactFilesOptions): ArtifactFiles {
  return new FolderArtifactFiles(options)
}

class FolderArtifactFiles implements ArtifactFiles {
  readonly #root: string
  readonly #operations: FileOperations
  readonly #self: StagingProcess
  readonly #digest: DigestSource
  readonly #isOurs: (base: string) => boolean
  readonly #tag: string
  /** What is being written, by any in this process: its vacuums, which know files by their process, must not take each other's. */
  readonly #staged = STAGED
  /** Folders whose names are known to be on the medium. */
  readonly #durable = new Set<string>()
  #counter = 0

  constructor(options: ArtifactFilesOptions) {
    this.#root = resolve(options.root)
    this.#operations = options.operations ?? nodeFileOperations
    this.#self = options.self
    this.#digest = options.digest ?? digestFile
    this.#isOurs = options.isOurs ?? (() => true)
    this.#tag = hostTag(options.self.host)
  }

  async stage(name: string): Promise<string> {
    if (!isArtifactName(name)) throw badArtifactName(name)
    const target = join(this.#root, name)
    const staged = join(
      dirname(target),
      stagedName(basename(name), this.#tag, this.#self.pid, ++this.#counter),
    )
    this.#staged.add(staged)
    try {
      await this.#makeFolder(dirname(target))
    } catch (error) {
      this.#staged.delete(staged)
      throw await this.#failure('make the folder', dirname(target), error)
    }
    return staged
  }

  async seal(stagedPath: string, name: string): Promise<SealedFile> {
    if (!isArtifactName(name) || !this.#staged.has(stagedPath)) {
      await this.discard(stagedPath)
      throw badArtifactName(name)
    }
    let renamedTo: string | undefined
    try {
      const digest = await this.#digestWritten(stagedPath)
      const file = await this.#freeName(name)
      renamedTo = join(this.#root, file)
      await this.#operations.rename(stagedPath, renamedTo)
      await this.#operations.sync(dirname(renamedTo))
      await this.#confirm(renamedTo, digest.sizeBytes)
      return {file, ...digest}
    } catch (error) {
      const failure = await this.#failure('write', join(this.#root, name), error)
      if (renamedTo !== undefined) await this.#operations.unlink(renamedTo).catch(() => undefined)
      throw failure
    } finally {
      await this.discard(stagedPath)
    }
  }

  async discard(stagedPath: string): Promise<void> {
    if (!this.#staged.has(stagedPath)) return
    await this.#operations.unlink(stagedPath).catch(() => undefined)
    this.#staged.delete(stagedPath)
  }

  path(file: string): string {
    if (!isArtifactName(file)) throw strayArtifactName(file)
    return join(this.#root, file)
  }

  async present(sealed: SealedFile): Promise<boolean> {
    const facts = await this.#operations.stat(this.path(sealed.file)).catch(() => undefined)
    return facts !== undefined && facts.isFile && facts.sizeBytes === sealed.sizeBytes
  }

  async check(sealed: SealedFile): Promise<FileCheck> {
    const path = this.path(sealed.file)
    let found: FileDigest
    try {
      found = await this.#digest(this.#operations, path, sealed.sizeBytes)
    } catch (error) {
      const code = systemCode(error)
      if (code === 'ENOENT') return {ok: false, reason: 'it is missing'}
      if (code === 'EIO' || code === 'EISDIR') return {ok: false, reason: `it cannot be read (${code})`}
      throw fileFailed('read', path, error)
    }
    if (found.sizeBytes !== sealed.sizeBytes)
      return {ok: false, reason: `it has ${found.sizeBytes} bytes instead of ${sealed.sizeBytes}`}
    return found.sha256 === sealed.sha256
      ? {ok: true}
      : {ok: false, reason: 'its SHA-256 is not the recorded one'}
  }

  async setAside(file: string): Promise<void> {
    if (!isArtifactName(file)) return
    const path = join(this.#root, file)
    try {
      await this.#operations.rename(path, path + CORRUPT_SUFFIX)
      await this.#operations.sync(dirname(path))
    } catch {
      // It is still there under its name: the row is what decides, and it will be found bad again.
    }
  }

  async vacuum(
    folder: string,
    keep: ReadonlySet<string>,
    {evenSetAside = false, except = NONE}: NonNullable<Parameters<ArtifactFiles['vacuum']>[2]> = {},
  ): Promise<{removed: readonly string[]; bytes: number}> {
    const vacuumed: Vacuumed = {removed: [], bytes: 0}
    if (folder !== '' && !isArtifactName(folder)) return vacuumed
    await vacuumFolder({...this.#rules(keep), evenSetAside, except}, folder, vacuumed)
    return vacuumed
  }

  async orphans(folder: string, keep: ReadonlySet<string>): Promise<readonly OrphanFile[]> {
    if (folder !== '' && !isArtifactName(folder)) return []
    return findOrphans(this.#rules(keep), folder)
  }

  #rules(keep: ReadonlySet<string>): VacuumRules {
    return {
      operations: this.#operations,
      self: this.#self,
      tag: this.#tag,
      path: (name) => join(this.#root, name),
      isOurs: this.#isOurs,
      isStaged: (staged) => this.#staged.has(staged),
      holdsStaged: (held) => [...this.#staged].some((staged) => staged.startsWith(held + '/')),
      keep,
    }
  }

  /** Makes a folder and those above it, and their names durable: also of one that an earlier, crashed run may have made. */
  async #makeFolder(folder: string): Promise<void> {
    if (folder !== this.#root) await this.#makeFolder(dirname(folder))
    const made = await this.#makeOneFolder(folder)
    if (!made && this.#durable.has(folder)) return
    await this.#operations.sync(dirname(folder))
    this.#durable.add(folder)
  }

  /** False when it was there. Above the root, folders are made only where they are missing. */
  async #makeOneFolder(folder: string): Promise<boolean> {
    try {
      await this.#operations.makeFolder(folder)
      return true
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return false
      if (systemCode(error) !== 'ENOENT' || folder !== this.#root) throw error
      await this.#makeAbove(dirname(folder))
      await this.#operations.makeFolder(folder)
      return true
    }
  }

  async #makeAbove(folder: string): Promise<void> {
    try {
      await this.#operations.makeFolder(folder)
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return
      if (systemCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error
      await this.#makeAbove(dirname(folder))
      await this.#operations.makeFolder(folder)
    }
    await this.#operations.sync(dirname(folder))
  }

  /** A native writer tells of no failure, so what it left is looked at, synced and hashed as it is on disk. */
  async #digestWritten(stagedPath: string): Promise<FileDigest> {
    const before = await this.#operations.stat(stagedPath)
    if (!before.isFile || before.sizeBytes === 0) throw fileIncomplete(stagedPath, 'it is empty')
    await this.#operations.sync(stagedPath)
    const digest = await digestFile(this.#operations, stagedPath, before.sizeBytes)
    if (digest.sizeBytes !== before.sizeBytes || digest.sha256 === '')
      throw fileIncomplete(
        stagedPath,
        `its size changed from ${before.sizeBytes} to ${digest.sizeBytes} bytes while it was read`,
      )
    return digest
  }

  /** A sealed file is never overwritten: a row may name it. */
  async #freeName(name: string): Promise<string> {
    for (let number = 1; number <= MOST_NAMES; number++) {
      const candidate = number === 1 ? name : numberedName(name, number)
      try {
        await this.#operations.stat(join(this.#root, candidate))
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return candidate
        throw error
      }
    }
    throw fileIncomplete(join(this.#root, name), `its name and ${MOST_NAMES} like it are taken`)
  }

  async #confirm(path: string, sizeBytes: number): Promise<void> {
    const after = await this.#operations.stat(path)
    if (after.sizeBytes !== sizeBytes)
      throw fileIncomplete(path, `it has ${after.sizeBytes} bytes instead of ${sizeBytes}`)
  }

  async #failure(doing: string, path: string, error: unknown): Promise<RagError> {
    if (error instanceof RagError) return error
    const code = systemCode(error)
    if (code === 'ENOSPC' || code === 'EDQUOT')
      return diskFull(path, await this.#operations.freeBytes(this.#root).catch(() => undefined), error)
    if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return filesReadOnly(path, error)
    return fileFailed(doing, path, error)
  }
}
