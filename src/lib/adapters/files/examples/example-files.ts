import {randomUUID} from 'node:crypto'
import {
  chmod,
  copyFile,
  link,
  mkdtemp,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  type FileHandle,
} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {basename, dirname, join, resolve} from 'node:path'
import {
  examplesFolderMissing,
  leadsNowhere,
  noExamplesFile,
  notARegularFile,
  sameFileTwice,
} from '../../../model/errors/files/examples.js'
import type {
  ExampleFiles,
  ExampleTarget,
  PublishedExamples,
  StagedExamples,
} from '../../../ports/files/example-files.js'
import {digestFile} from '../artifacts/artifact-digest.js'
import {systemCode} from '../system-errors.js'
import {notWritten} from './example-errors.js'
import {nodeFileOperations} from '../file-operations.js'
import {holdsExamples} from './holds-examples.js'

/** Who stages, and who is still there: what a process that was killed left beside a target is removed by the next. */
export interface StagingSelf {
  readonly pid: number
  readonly isRunning: (pid: number) => boolean
}

const SUFFIX = 'rag-examples'

export function createExampleFiles(self: StagingSelf): ExampleFiles {
  return {
    async stage(targets, {force}) {
      const settled: {target: ExampleTarget; path: string | undefined}[] = []
      for (const target of targets) settled.push({target, path: await settle(target, force)})
      const paths = settled.flatMap(({path}) => (path === undefined ? [] : [path]))
      if (new Set(paths).size < paths.length) throw sameFileTwice(paths[0]!)
      const staged: Staged[] = []
      try {
        for (const {target, path} of settled) staged.push(await begin(self, target, path))
        return staged
      } catch (error) {
        await discardAll(staged)
        throw error
      }
    },
    async publish(staged) {
      const own = staged as readonly Staged[]
      const published: PublishedExamples[] = []
      for (const one of own) published.push(await one.seal())
      await putInPlace(own)
      return published
    },
    discard: (staged) => discardAll(staged as readonly Staged[]),
  }
}

/** The path to write, without symbolic links, when it may be written; undefined for a target without one. */
async function settle({path, format}: ExampleTarget, force: boolean): Promise<string | undefined> {
  if (path === undefined) return undefined
  const absolute = resolve(path)
  const real = await realpath(absolute).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw notWritten(absolute, error)
  })
  if (real === undefined) {
    const folder = await stat(dirname(absolute)).catch(() => undefined)
    if (!folder?.isDirectory()) throw examplesFolderMissing(dirname(absolute), absolute)
    if (await isLink(absolute)) throw leadsNowhere(absolute)
    return join(await realpath(dirname(absolute)), basename(absolute))
  }
  const facts = await stat(real)
  if (!facts.isFile()) throw notARegularFile(absolute, facts.isDirectory() ? 'a folder' : 'no regular file')
  if (!force && facts.size > 0 && !(await holdsExamples(real, format))) throw noExamplesFile(absolute)
  return real
}

async function isLink(path: string): Promise<boolean> {
  const names = await readdir(dirname(path)).catch(() => [] as string[])
  return names.includes(basename(path))
}

async function begin(self: StagingSelf, target: ExampleTarget, path: string | undefined): Promise<Staged> {
  try {
    if (path === undefined) {
      const folder = await mkdtemp(join(tmpdir(), 'rag-examples-'))
      const file = join(folder, 'examples')
      return new Staged(target, {file, path, folder}, await open(file, 'w+', 0o600))
    }
    await removeLeft(self, path)
    const file = join(dirname(path), `.${basename(path)}.${self.pid}-${randomUUID().slice(0, 8)}.${SUFFIX}`)
    return new Staged(target, {file, path}, await open(file, 'wx+'))
  } catch (error) {
    throw notWritten(path ?? tmpdir(), error)
  }
}

async function removeLeft(self: StagingSelf, path: string): Promise<void> {
  const prefix = `.${basename(path)}.`
  for (const name of await readdir(dirname(path)).catch(() => [] as string[])) {
    if (!name.startsWith(prefix)) continue
    const pid = new RegExp(`^(\\d+)-[0-9a-f]{8}\\.${SUFFIX}$`).exec(name.slice(prefix.length))?.[1]
    if (pid === undefined || self.isRunning(Number(pid))) continue
    await rm(join(dirname(path), name), {force: true}).catch(() => undefined)
  }
}

class Staged implements StagedExamples {
  readonly target: ExampleTarget
  readonly file: string
  /** Where it is to lie; absent when it is only read. */
  readonly path: string | undefined
  readonly #folder: string | undefined
  readonly #handle: FileHandle
  #size = 0
  #closed = false

  constructor(
    target: ExampleTarget,
    {
      file,
      path,
      folder,
    }: {readonly file: string; readonly path: string | undefined; readonly folder?: string},
    handle: FileHandle,
  ) {
    this.target = target
    this.file = file
    this.path = path
    this.#folder = folder
    this.#handle = handle
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#write(bytes, this.#size)
    this.#size += bytes.length
  }

  rewriteHead(bytes: Uint8Array): Promise<void> {
    return this.#write(bytes, 0)
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const {bytesWritten} = await this.#handle.write(bytes, done, bytes.length - done, position + done)
        done += bytesWritten
      }
    } catch (error) {
      throw notWritten(this.path ?? this.file, error)
    }
  }

  async *read(): AsyncGenerator<Uint8Array> {
    const buffer = Buffer.alloc(256 * 1024)
    for (let at = 0; at < this.#size;) {
      const {bytesRead} = await this.#handle.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  }

  /** Makes the bytes durable and says what they are, as they can be read. */
  async seal(): Promise<PublishedExamples> {
    try {
      await this.#handle.sync()
      const {sizeBytes, sha256} = await digestFile(nodeFileOperations, this.file, this.#size)
      if (sizeBytes !== this.#size) throw new Error(`it has ${sizeBytes} bytes instead of ${this.#size}`)
      return {...(this.path === undefined ? {} : {file: this.path}), sizeBytes, sha256}
    } catch (error) {
      throw notWritten(this.path ?? this.file, error)
    }
  }

  async discard(): Promise<void> {
    if (!this.#closed) await this.#handle.close().catch(() => undefined)
    this.#closed = true
    await rm(this.#folder ?? this.file, {recursive: true, force: true}).catch(() => undefined)
  }
}

async function discardAll(staged: readonly Staged[]): Promise<void> {
  for (const one of staged) await one.discard()
}

/** Renames all, the last first; what was there is kept under another name until all are in place. */
async function putInPlace(staged: readonly Staged[]): Promise<void> {
  const done: {path: string; before: string | undefined}[] = []
  try {
    for (const {file, path} of [...staged].reverse()) {
      if (path === undefined) continue
      const before = await keepAside(path, `${file}.before`)
      done.push({path, before})
      if (before !== undefined) await chmod(file, (await stat(path)).mode & 0o777)
      await rename(file, path).catch((error: unknown) => {
        throw notWritten(path, error)
      })
      await nodeFileOperations.sync(dirname(path)).catch(() => undefined)
    }
  } catch (error) {
    for (const {path, before} of done.reverse())
      await (before === undefined ? rm(path, {force: true}) : rename(before, path)).catch(() => undefined)
    throw error
  }
  for (const {before} of done)
    if (before !== undefined) await rm(before, {force: true}).catch(() => undefined)
}

async function keepAside(path: string, aside: string): Promise<string | undefined> {
  try {
    await link(path, aside).catch(async (error: unknown) => {
      if (systemCode(error) === 'ENOENT') throw error
      await copyFile(path, aside)
    })
    return aside
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw notWritten(path, error)
  }
}
