import {WorkerThread} from '../../../kernel/threads/worker-thread.js'
import type {FileOperations} from '../file-operations.js'
import {digestFile, type FileDigest} from './artifact-digest.js'
import type {DigestService} from './serve-digests.js'

/** Hashing less takes no longer than to ask a thread for it. */
const WORTH_A_THREAD = 4 << 20

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
  #thread: WorkerThread<DigestService> | undefined
  #isClosed = false

  /** @param url where the worker's entry file is, which calls `serveDigests` */
  constructor(url: URL) {
    this.#url = url
  }

  readonly digest: DigestSource = async (operations, path, expectedBytes) => {
    if (expectedBytes < WORTH_A_THREAD || this.#isClosed) return digestFile(operations, path, expectedBytes)
    const thread = (this.#thread ??= new WorkerThread({url: this.#url, what: 'The thread that hashes files'}))
    try {
      return await thread.call('digest', {path, expectedBytes})
    } catch (error) {
      if (thread.isDead) return digestFile(operations, path, expectedBytes)
      // The system's error, as `digestFile` throws it.
      throw (error as Error).cause
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#thread?.close()
  }
}
