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

  /** Has room for so much from now on, what lies there included. */
  grow(kilobytes: number): void {
    execFileSync('mount', ['-o', `remount,size=${kilobytes}k`, this.folder])
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder])
    rmSync(this.folder, {recursive: true})
  }

  static async with(kilobytes: number, work: (disk: SmallDisk) => Promise<void>): Promise<void> {
    const disk = new SmallDisk(kilobytes)
    try {
      await work(disk)
    } finally {
      disk.remove()
    }
  }

  /** Skips a test, saying why, where none can be made. */
  static skipWithout(test: Mocha.Context): void {
    const why = SmallDisk.#whyNot()
    if (why === undefined) return
    console.log(`      skipped: ${why}`)
    test.skip()
  }

  static #whyNot(): string | undefined {
    try {
      new SmallDisk(64).remove()
      return undefined
    } catch (error) {
      return `no file system can be mounted here (${(error as Error).message.split('\n')[0]!})`
    }
  }
}
