import {Worker, type ResourceLimits} from 'node:worker_threads'
import {RagError, reasonOf} from '../../model/errors.js'
import {threadEnded} from './errors.js'
import type {StreamReply, StreamRequest} from './stream-messages.js'

export interface StreamThreadOptions {
  /** The worker's entry file, which calls `serveStreams`. */
  readonly url: URL
  /** What the thread does, for who reads that it has ended: `The thread that reads batches`. */
  readonly what: string
  readonly limits?: ResourceLimits
}

/** A worker thread that answers requests, one at a time, by streams of parts. Its memory ahead of the reader is bounded. */
export class StreamThread<Request, Part> {
  readonly #worker: Worker
  readonly #what: string
  #run = 0
  #replies: StreamReply[] = []
  #wake: (() => void) | undefined
  #death: RagError | undefined

  constructor({url, what, limits}: StreamThreadOptions) {
    this.#what = what
    this.#worker = new Worker(url, limits ? {resourceLimits: limits} : {})
    this.#worker.on('message', (reply: StreamReply) => {
      if (reply.run !== this.#run) return
      this.#replies.push(reply)
      this.#wake?.()
    })
    this.#worker.on('error', (error) => this.#die(reasonOf(error), error))
    this.#worker.on('messageerror', (error) => this.#die(reasonOf(error), error))
    this.#worker.on('exit', (code) => this.#die(`it ended with code ${code}`))
  }

  /**
   * What the thread yields for a request. When it is given up, or `signal` says so, the thread has stopped using what it was handed once
   * this returns. @throws RagError as the thread does; INTERNAL when it ends
   */
  async *run(request: Request, signal?: AbortSignal): AsyncGenerator<Part> {
    const run = ++this.#run
    const stop = (): void => this.#send({kind: 'stop', run})
    this.#replies = []
    this.#send({kind: 'start', run, request})
    signal?.addEventListener('abort', stop)
    // Of what was over before, nobody is told.
    if (signal?.aborted) stop()
    let isOver = false
    try {
      for (;;) {
        const reply = await this.#next()
        isOver = reply.kind !== 'part'
        if (reply.kind === 'failed') throw errorOf(reply)
        if (reply.kind === 'end') return
        this.#send({kind: 'taken', run, bytes: reply.bytes})
        yield reply.part as Part
      }
    } finally {
      signal?.removeEventListener('abort', stop)
      if (!isOver && !this.#death) {
        stop()
        await this.#end()
      }
    }
  }

  async close(): Promise<void> {
    this.#death ??= threadEnded(this.#what, 'it was closed')
    await this.#worker.terminate()
  }

  async #next(): Promise<StreamReply> {
    for (;;) {
      const reply = this.#replies.shift()
      if (reply) return reply
      if (this.#death) throw this.#death
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  async #end(): Promise<void> {
    try {
      while ((await this.#next()).kind === 'part');
    } catch {
      // Dead: it uses nothing any more.
    }
  }

  #send(request: StreamRequest): void {
    this.#worker.postMessage(request)
  }

  /** The first reason counts: what follows it (the exit after an error) says less. */
  #die(why: string, cause?: unknown): void {
    this.#death ??= threadEnded(this.#what, why, cause)
    this.#wake?.()
  }
}

function errorOf({code, message, hint, cause}: StreamReply & {kind: 'failed'}): RagError {
  return new RagError(code, message, {...(hint === undefined ? {} : {hint}), cause})
}
