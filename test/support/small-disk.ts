import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'

/** A file system of its own, in memory. Only root can make one. */
export class SmallDisk {
  readonly folder: string

  constructor(kilobytes: number) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'rag-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=755`, 'tmpfs', this.folder])
  }

  /** From now on nothing can be written to it, not even by root. */
  makeReadOnly(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.folder])
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder])
    rmSync(this.folder, {recursive: true})
  }

  /** Why none can be made here; undefined when one can. */
  static whyNot(): string | undefined {
    try {
      new SmallDisk(64).remove()
      return undefined
    } catch (error) {
      return `no file system can be mounted here (${(error as Error).message.split('\n')[0]!})`
    }
  }
}
