import {Worker} from 'node:worker_threads'
import type {RagError} from '../../model/errors.js'
import {interrupted, reasonOf} from '../../model/errors.js'
import type {EncoderSpec} from './encoder.js'
import type {EncoderAnswer, EncoderData, EncoderFault, EncoderOrder} from './encoder-messages.js'
import {encoderStopped, modelUnusable, runtimeMissing} from './errors.js'

/** A thread that does not end by itself in this time is ended. */
const CLOSE_MS = 5000

interface Waiting {
  readonly resolve: (vectors: Float32Array) => void
  readonly reject: (error: Error) => void
}

/** An encoder in a thread of its own. */
export class EncoderThread {
  readonly #worker: Worker
  readonly #name: string
  readonly #waiting = new Map<number, Waiting>()
  readonly #ended: Promise<void>
  #failure: RagError | undefined
  #lastId = 0

  private constructor(worker: Worker, name: string) {
    this.#worker = worker
    this.#name = name
    this.#ended = new Promise((resolve) => worker.once('exit', () => resolve()))
  }

  /** @throws RagError MODEL_UNUSABLE | NATIVE_MODULE_MISSING */
  static async start(url: URL, name: string, spec: EncoderSpec): Promise<EncoderThread> {
    const workerData: EncoderData = {spec}
    // What the runtime prints is not for the person who runs this program.
    const worker = new Worker(url, {workerData, stdout: true, stderr: true})
    const thread = new EncoderThread(worker, name)
    await thread.#ready()
    return thread
  }

  /** Work that is waiting to be done. */
  get load(): number {
    return this.#waiting.size
  }

  /** One vector a text, in one array. @throws RagError MODEL_UNUSABLE | INTERRUPTED */
  async encode(texts: readonly string[], signal: AbortSignal | undefined): Promise<Float32Array> {
    if (signal?.aborted) throw interrupted('embedding was stopped.')
    if (this.#failure) throw this.#failure
    const id = ++this.#lastId
    const made = new Promise<Float32Array>((resolve, reject) => this.#waiting.set(id, {resolve, reject}))
    const stop = (): void => {
      this.#waiting.get(id)?.reject(interrupted('embedding was stopped.'))
      this.#waiting.delete(id)
    }
    signal?.addEventListener('abort', stop, {once: true})
    this.#tell({type: 'encode', id, texts})
    try {
      return await made
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  /** Lets the batch in hand end: the runtime does not bear to be cut off inside. */
  async close(): Promise<void> {
    this.#fail(encoderStopped(this.#name, 'it was closed'))
    this.#tell({type: 'close'})
    const timer = setTimeout(() => void this.#worker.terminate(), CLOSE_MS)
    await this.#ended
    clearTimeout(timer)
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.on('message', (answer: EncoderAnswer) => {
        if (answer.type === 'ready') resolve()
        else if (answer.type === 'done') this.#take(answer.id)?.resolve(answer.vectors)
        else {
          const error = this.#told(answer.fault, answer.reason)
          if (answer.id === undefined) {
            this.#fail(error)
            reject(error)
          } else this.#take(answer.id)?.reject(error)
        }
      })
      const broken = (why: string, cause?: unknown): void => {
        this.#fail(encoderStopped(this.#name, why, cause))
        reject(this.#failure!)
      }
      this.#worker.on('error', (error) => broken(reasonOf(error), error))
      this.#worker.on('messageerror', (error) => broken(reasonOf(error), error))
      this.#worker.on('exit', (code) => broken(`its thread ended with code ${code}`))
    })
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #told(fault: EncoderFault, reason: string): RagError {
    if (fault === 'runtime') return runtimeMissing(new Error(reason))
    return fault === 'model' ? modelUnusable(this.#name, reason) : encoderStopped(this.#name, reason)
  }

  #tell(order: EncoderOrder): void {
    this.#worker.postMessage(order)
  }

  /** The first failure counts: what follows it says less. */
  #fail(failure: RagError): void {
    this.#failure ??= failure
    for (const {reject} of this.#waiting.values()) reject(this.#failure)
    this.#waiting.clear()
  }
}
