import {Worker, type ResourceLimits} from 'node:worker_threads'
import {type RagError, reasonOf} from '../../model/errors/rag-error.js'
import {threadEnded} from '../../model/errors/program/thread.js'
import {errorOf} from './failure.js'
import type {ThreadReply, ThreadRequest} from './messages.js'
import type {PartOf, ReplyOf, RequestOf, ThreadService} from './service.js'
import {StreamReader} from './stream-reader.js'

export interface WorkerThreadOptions {
  /** The worker's entry file, which calls `serveThread`. */
  readonly url: URL
  /** What the thread does, for the error that says that it has ended: `The thread that reads batches`. */
  readonly what: string
  /** The error of what waits when the thread ends, and of what is asked later; by default INTERNAL. */
  readonly ended?: ((why: string, cause?: unknown) => RagError) | undefined
  /** `workerData` of the thread. */
  readonly data?: unknown
  readonly limits?: ResourceLimits | undefined
  /** What the thread prints is thrown away. */
  readonly isSilent?: boolean | undefined
  /** How long `close` lets the call in hand go on; by default the thread is ended at once. */
  readonly closeMs?: number | undefined
  /** Called by `close` right before the thread is ended from outside, wherever it is. */
  readonly beforeTermination?: (() => void) | undefined
  /** The thread has ended, in whatever way. */
  readonly onExit?: (() => void) | undefined
}

export interface CallOptions {
  /** Memory of the request that is handed over instead of copied. */
  readonly transfer?: readonly ArrayBuffer[] | undefined
  readonly signal?: AbortSignal | undefined
}

/** Whoever waits for the replies to one call. */
interface Waiting {
  receive(reply: ThreadReply): void
  fail(error: RagError): void
}

/**
 * A worker thread that answers calls. While it has something to do it keeps the process alive, and otherwise not. When it ends (an error that
 * nothing caught, `process.exit`, its memory limit, `close`) all that waits rejects, and so does all that is asked later, with the first reason.
 */
export class WorkerThread<Service extends ThreadService> {
  readonly #options: WorkerThreadOptions
  readonly #worker: Worker
  readonly #exited: Promise<void>
  /** Calls that the thread has not answered; also those that nobody waits for any more, as they keep it busy. */
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #death: RagError | undefined
  #closing: Promise<void> | undefined

  constructor(options: WorkerThreadOptions) {
    const {url, data, limits, isSilent = false} = options
    this.#options = options
    this.#worker = new Worker(url, {
      name: options.what,
      workerData: data,
      ...(isSilent ? {stdout: true, stderr: true} : {}),
      ...(limits ? {resourceLimits: limits} : {}),
    })
    this.#worker.unref()
    this.#worker.on('message', (reply: ThreadReply) => this.#receive(reply))
    this.#worker.on('error', (error) => this.#die(reasonOf(error), error))
    this.#worker.on('messageerror', (error) => this.#die(reasonOf(error), error))
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        options.onExit?.()
        this.#die(`it ended with code ${code}`)
        resolve()
      })
    })
  }

  /** Calls that the thread has in hand or before it. */
  get load(): number {
    return this.#waiting.size
  }

  /** Whether it answers nothing any more. */
  get isDead(): boolean {
    return this.#death !== undefined
  }

  /**
   * The reply to a request. Rejects at once when `signal` is aborted, with its reason; the thread may go on with it until it sees the signal.
   * @throws RagError as the thread does (INTERNAL for any other error); what `ended` makes
   */
  call<Name extends keyof Service & string>(
    name: Name,
    request: RequestOf<Service, Name>,
    {transfer, signal}: CallOptions = {},
  ): Promise<ReplyOf<Service, Name>> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const settled = (): void => signal?.removeEventListener('abort', stop)
      const id = this.#start({kind: 'call', name, request}, transfer, {
        receive: (reply) => {
          settled()
          if (reply.kind === 'failed') reject(errorOf(reply.failure))
          else if (reply.kind === 'done') resolve(reply.value as ReplyOf<Service, Name>)
        },
        fail: (error) => {
          settled()
          reject(error)
        },
      })
      const stop = (): void => {
        this.#post({kind: 'stop', id})
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', stop, {once: true})
    })
  }

  /**
   * What the thread yields for a request. It works ahead of its reader, by a bounded number of bytes. When `signal` is aborted the stream ends
   * early, without an error. However it ends: once this returns, the thread uses nothing any more that it was handed.
   * @throws RagError as the thread does (INTERNAL for any other error); what `ended` makes
   */
  async *stream<Name extends keyof Service & string>(
    name: Name,
    request: RequestOf<Service, Name>,
    {transfer, signal}: CallOptions = {},
  ): AsyncGenerator<PartOf<Service, Name>> {
    const reader = new StreamReader()
    const id = this.#start({kind: 'stream', name, request}, transfer, reader)
    const stop = (): void => this.#post({kind: 'stop', id})
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    try {
      for (let reply = await reader.next(); reply.kind === 'part'; reply = await reader.next()) {
        this.#post({kind: 'taken', id, bytes: reply.bytes})
        yield reply.part as PartOf<Service, Name>
      }
    } finally {
      signal?.removeEventListener('abort', stop)
      if (!reader.isOver) {
        stop()
        await reader.drain()
      }
    }
  }

  /** Fails what waits, and ends the thread; resolves when it has ended. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    const {closeMs = 0, beforeTermination} = this.#options
    this.#die('it was closed')
    // Whoever waits for its end must not find the process ended before.
    this.#worker.ref()
    if (closeMs > 0) {
      this.#post({kind: 'close'})
      if (await endsWithin(this.#exited, closeMs)) return
    }
    beforeTermination?.()
    await this.#worker.terminate()
  }

  #start(
    start: {readonly kind: 'call' | 'stream'; readonly name: string; readonly request: unknown},
    transfer: readonly ArrayBuffer[] | undefined,
    waiting: Waiting,
  ): number {
    if (this.#death) throw this.#death
    const id = ++this.#lastId
    this.#post({...start, id}, transfer)
    this.#waiting.set(id, waiting)
    this.#worker.ref()
    return id
  }

  #receive(reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.id)
    if (reply.kind !== 'part') this.#waiting.delete(reply.id)
    if (this.#waiting.size === 0 && !this.#closing) this.#worker.unref()
    waiting?.receive(reply)
  }

  #post(request: ThreadRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer)
  }

  /** The first reason counts: what follows it (the exit after an error) says less. */
  #die(why: string, cause?: unknown): void {
    const {what, ended = (reason, error) => threadEnded(what, reason, error)} = this.#options
    this.#death ??= ended(why, cause)
    for (const waiting of this.#waiting.values()) waiting.fail(this.#death)
    this.#waiting.clear()
  }
}

async function endsWithin(exited: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  try {
    return await Promise.race([exited.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
