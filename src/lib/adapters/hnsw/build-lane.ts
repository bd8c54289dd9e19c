import {Worker} from 'node:worker_threads'
import {RagError, reasonOf} from '../../model/errors.js'
import type {BuildReply, BuildRequest} from './build-messages.js'
import {buildBroken} from './errors.js'

/** What a build wants to hear of. After `failed` nothing more comes. */
export interface BuildListener {
  readonly path: string
  replied(reply: Exclude<BuildReply, {kind: 'failed'}>): void
  failed(error: RagError): void
}

/** One worker thread and the build it has in hand. An idle one does not keep the process alive. */
export class BuildLane {
  readonly #worker: Worker
  #listener: BuildListener | undefined
  #build = 0
  #isDead = false

  constructor(url: URL) {
    this.#worker = new Worker(url, {name: 'hnsw-worker'})
    this.#worker.unref()
    this.#worker.on('message', (reply: BuildReply) => this.#receive(reply))
    this.#worker.on('error', (error) => this.#die(reasonOf(error), error))
    this.#worker.on('messageerror', (error) => this.#die(reasonOf(error), error))
    this.#worker.on('exit', (code) => this.#die(`its worker thread ended with code ${code}`))
  }

  get isDead(): boolean {
    return this.#isDead
  }

  /** Takes up a build; its number goes into its requests. */
  begin(listener: BuildListener): number {
    this.#listener = listener
    this.#worker.ref()
    return ++this.#build
  }

  /** The build in hand is over: what still comes of it is passed over. */
  end(): void {
    this.#listener = undefined
    this.#worker.unref()
  }

  send(request: BuildRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer)
  }

  async stop(): Promise<void> {
    this.#isDead = true
    await this.#worker.terminate()
  }

  #receive(reply: BuildReply): void {
    if (reply.build !== this.#build || !this.#listener) return
    if (reply.kind !== 'failed') return this.#listener.replied(reply)
    const {code, message, hint, cause} = reply
    this.#listener.failed(new RagError(code, message, {...(hint === undefined ? {} : {hint}), cause}))
  }

  #die(why: string, cause?: unknown): void {
    this.#isDead = true
    const listener = this.#listener
    if (listener) listener.failed(buildBroken(listener.path, why, cause))
  }
}
