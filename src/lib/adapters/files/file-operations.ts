import {constants} from 'node:fs'
import {
  copyFile,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rmdir,
  statfs,
  unlink,
  writeFile,
} from 'node:fs/promises'
import type {RandomAccessFiles} from '../../ports/files/random-access-files.js'

export interface FileFacts {
  readonly sizeBytes: number
  readonly isFile: boolean
  /** Milliseconds since 1970 by the clock of the file system; only compared with other files' times. */
  readonly modifiedMs: number
}

/**
 * Every call that the write-once files make to the file system, so that a test can make each of them fail. All reject with
 * the system's own error (`code` is `ENOSPC`, `ENOENT`, …).
 */
export interface FileOperations extends RandomAccessFiles {
  /** Makes one folder; `EEXIST` when there is something of that name. */
  makeFolder(path: string): Promise<void>
  removeEmptyFolder(path: string): Promise<void>
  list(folder: string): Promise<readonly {name: string; isFolder: boolean}[]>
  /** Does not follow symbolic links. */
  stat(path: string): Promise<FileFacts>
  /** Waits until the content of a file, or the names in a folder, are on the medium. */
  sync(path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Copies the bytes of a file, or lets both share them where the file system can. */
  copy(from: string, to: string): Promise<void>
  /** Writes a new file, or over what is there. */
  writeText(path: string, text: string): Promise<void>
  /** The path without symbolic links. */
  realPath(path: string): Promise<string>
  /** Room left for this user on the file system of `folder`. */
  freeBytes(folder: string): Promise<number>
}

/** The real file system. */
export const nodeFileOperations: FileOperations = {
  async makeFolder(path) {
    await mkdir(path)
  },
  removeEmptyFolder: (path) => rmdir(path),
  async list(folder) {
    const entries = await readdir(folder, {withFileTypes: true})
    return entries.map((entry) => ({name: entry.name, isFolder: entry.isDirectory()}))
  },
  async stat(path) {
    const facts = await lstat(path)
    return {sizeBytes: facts.size, isFile: facts.isFile(), modifiedMs: facts.mtimeMs}
  },
  async open(path) {
    const handle = await open(path, 'r')
    return {
      read: async (buffer, position) => (await handle.read(buffer, 0, buffer.byteLength, position)).bytesRead,
      sizeBytes: async () => (await handle.stat()).size,
      close: () => handle.close(),
    }
  },
  async create(path) {
    const handle = await open(path, 'w')
    return {write: (bytes) => handle.writeFile(bytes), close: () => handle.close()}
  },
  async sync(path) {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  rename: (from, to) => rename(from, to),
  copy: (from, to) => copyFile(from, to, constants.COPYFILE_FICLONE),
  writeText: (path, text) => writeFile(path, text),
  realPath: (path) => realpath(path),
  unlink: (path) => unlink(path),
  async freeBytes(folder) {
    const facts = await statfs(folder)
    return facts.bavail * facts.bsize
  },
}
