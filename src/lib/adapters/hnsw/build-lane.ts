import process from 'node:process'
import {Worker} from 'node:worker_threads'
import {RagError, reasonOf} from '../../model/errors.js'
import type {BuildReply, BuildRequest} from './build-messages.js'
import {buildBroken} from './errors.js'
import {NativeGate} from './native-gate.js'

/** What a build wants to hear of. After `failed` nothing more comes. */
export interface BuildListener {
  readonly path: string
  replied(reply: Exclude<BuildReply, {kind: 'failed'}>): void
  failed(error: RagError): void
}

/** Gates of the threads that live: closed before the process ends, whoever ends it. */
const gates = new Set<NativeGate>()
let isWatching = false

function watchExit(): void {
  if (isWatching) return
  isWatching = true
  process.on('exit', () => {
    for (const gate of gates) gate.close()
  })
}

/** The graph is native memory. Blocks that were taken up shall soon be collected, which a larger heap puts off. */
const LIMITS = {maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 512}

/** One worker thread and the build it has in hand. An idle one does not keep the process alive. */
export class BuildLane {
  readonly #worker: Worker
  readonly #gate = new NativeGate()
  #listener: BuildListener | undefined
  #build = 0
  #isDead = false

  constructor(url: URL) {
    watchExit()
    gates.add(this.#gate)
    this.#worker = new Worker(url, {
      name: 'hnsw-worker',
      workerData: {gate: this.#gate.buffer},
      resourceLimits: LIMITS,
    })
    this.#worker.unref()
    this.#worker.on('message', (reply: BuildReply) => this.#receive(reply))
    this.#worker.on('error', (error) => this.#die(reasonOf(error), error))
    this.#worker.on('messageerror', (error) => this.#die(reasonOf(error), error))
    this.#worker.on('exit', (code) => {
      gates.delete(this.#gate)
      this.#gate.abandon()
      this.#die(`its worker thread ended with code ${code}`)
    })
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
    if (!this.#isDead) this.#worker.unref()
  }

  send(request: BuildRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer)
  }

  async stop(): Promise<void> {
    this.#isDead = true
    this.#gate.close()
    // Who waits for its end must not find the process ended before.
    this.#worker.ref()
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
