import {open, truncate} from 'node:fs/promises'
import {nodeFileOperations, type FileOperations} from '../../src/lib/adapters/files/file-operations.js'

/**
 * How a failing call fails. `short-write`: a write leaves half of its bytes, and every other call fails with EIO.
 * `lost-rename`: a rename reports success and does nothing, and every other call fails with EIO.
 */
export type Fault = 'ENOSPC' | 'EIO' | 'EACCES' | 'short-write' | 'silent-short-write' | 'lost-rename'

export interface FaultPlan {
  /** Counted from 1. */
  readonly step: number
  readonly fault: Fault
  /** Whether only this call fails, or all after it too. */
  readonly once: boolean
}

/** The real file system, of which one call, or all from one on, fail. Counts its calls. */
export class FaultyFiles {
  readonly operations: FileOperations
  /** The calls made, in order, by name. */
  readonly calls: string[] = []
  #plan: FaultPlan | undefined
  #hasFaulted = false

  constructor(plan?: FaultPlan) {
    this.#plan = plan
    const real = nodeFileOperations
    this.operations = {
      makeFolder: (path) => this.#call('makeFolder', () => real.makeFolder(path)),
      removeEmptyFolder: (path) => this.#call('removeEmptyFolder', () => real.removeEmptyFolder(path)),
      list: (folder) => this.#call('list', () => real.list(folder)),
      stat: (path) => this.#call('stat', () => real.stat(path)),
      sync: (path) => this.#call('sync', () => real.sync(path)),
      rename: (from, to) => this.#call('rename', () => real.rename(from, to)),
      copy: (from, to) => this.#call('copy', () => real.copy(from, to), to),
      writeText: (path, text) => this.#call('writeText', () => real.writeText(path, text), path),
      realPath: (path) => this.#call('realPath', () => real.realPath(path)),
      unlink: (path) => this.#call('unlink', () => real.unlink(path)),
      freeBytes: (folder) => this.#call('freeBytes', () => real.freeBytes(folder)),
      open: async (path) => {
        const file = await this.#call('open', () => real.open(path))
        return {
          read: (buffer, position) => this.#call('read', () => file.read(buffer, position)),
          sizeBytes: () => this.#call('sizeBytes', () => file.sizeBytes()),
          close: async () => {
            await file.close()
            await this.#call('close', () => Promise.resolve())
          },
        }
      },
      create: async (path) => {
        const file = await this.#call('create', () => real.create(path))
        return {
          write: (bytes) => this.#call('write', () => file.write(bytes), path),
          close: async () => {
            await file.close()
            await this.#call('close', () => Promise.resolve())
          },
        }
      },
    }
  }

  get hasFaulted(): boolean {
    return this.#hasFaulted
  }

  /** From now on everything works. */
  heal(): void {
    this.#plan = undefined
  }

  /** What a native writer does: it may leave half a file, and may not tell. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    await this.#call(
      'write',
      async () => {
        const file = await open(path, 'w')
        await file.writeFile(bytes)
        await file.close()
      },
      path,
    )
  }

  async #call<T>(name: string, act: () => Promise<T>, written?: string): Promise<T> {
    this.calls.push(name)
    const plan = this.#plan
    if (!plan || !(plan.once ? this.calls.length === plan.step : this.calls.length >= plan.step)) return act()
    this.#hasFaulted = true
    const {fault} = plan
    if (name === 'rename' && fault === 'lost-rename') return undefined as T
    if (written !== undefined && (fault === 'short-write' || fault === 'silent-short-write')) {
      const done = await act()
      await truncate(written, 5)
      if (fault === 'silent-short-write') return done
    }
    throw systemError(fault === 'ENOSPC' || fault === 'EACCES' ? fault : 'EIO', name)
  }
}

const systemError = (code: string, call: string): Error =>
  Object.assign(new Error(`${code}: injected fault, ${call}`), {code})
