import {Worker} from 'node:worker_threads'
import {digestFile, type FileDigest} from './artifact-digest.js'
import type {FileOperations} from '../file-operations.js'

/** Hashing less takes no longer than to ask a thread for it. */
const WORTH_A_THREAD = 4 << 20

export interface DigestRequest {
  readonly id: number
  readonly path: string
  readonly expectedBytes: number
}

export type DigestReply =
  | ({readonly id: number; readonly kind: 'digest'} & FileDigest)
  /** `code` is that of the system, `ENOENT` say. */
  | {readonly id: number; readonly kind: 'failed'; readonly message: string; readonly code?: string}

interface Waiting {
  readonly resolve: (digest: FileDigest) => void
  readonly reject: (error: Error) => void
}

/** Computes digests of whole files, as `digestFile` does. */
export type DigestSource = (
  operations: FileOperations,
  path: string,
  expectedBytes: number,
) => Promise<FileDigest>

/**
 * Hashes large files in a thread of its own, so that this one can do other work meanwhile. The thread is started with the first such
 * file and keeps no process alive. When there can be none, or it ends, this thread does the work.
 */
export class DigestThread {
  readonly #url: URL
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #isBroken = false
  #lastId = 0

  /** @param url where the worker's entry file is, which calls `serveDigests` */
  constructor(url: URL) {
    this.#url = url
  }

  readonly digest: DigestSource = async (operations, path, expectedBytes) => {
    if (expectedBytes < WORTH_A_THREAD || this.#isBroken) return digestFile(operations, path, expectedBytes)
    try {
      return await this.#ask(path, expectedBytes)
    } catch (error) {
      if (!this.#isBroken) throw error
      return digestFile(operations, path, expectedBytes)
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#break(new Error('closed'))
    await worker?.terminate()
  }

  #ask(path: string, expectedBytes: number): Promise<FileDigest> {
    const worker = (this.#worker ??= this.#start())
    worker.ref()
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId
      this.#waiting.set(id, {resolve, reject})
      worker.postMessage({id, path, expectedBytes} satisfies DigestRequest)
    })
  }

  #start(): Worker {
    const worker = new Worker(this.#url, {name: 'digest-worker'})
    worker.unref()
    worker.on('message', (reply: DigestReply) => this.#receive(reply))
    worker.on('error', (error) => this.#break(error))
    worker.on('exit', () => this.#break(new Error('the thread ended')))
    return worker
  }

  #receive(reply: DigestReply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (this.#waiting.size === 0) this.#worker?.unref()
    if (reply.kind === 'digest') return waiting?.resolve({sizeBytes: reply.sizeBytes, sha256: reply.sha256})
    waiting?.reject(
      Object.assign(new Error(reply.message), reply.code === undefined ? {} : {code: reply.code}),
    )
  }

  #break(error: Error): void {
    this.#isBroken = true
    this.#worker = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const {reject} of waiting) reject(error)
  }
}
