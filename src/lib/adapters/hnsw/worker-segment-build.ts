import type {VectorBlock} from '../../model/embedding.js'
import type {RagError} from '../../model/errors.js'
import type {SegmentBuild} from '../../ports/vector-index.js'
import type {BuildLane} from './build-lane.js'
import type {BuildReply} from './build-messages.js'
import {blockMismatch, buildBroken} from './errors.js'
import type {SegmentPlan} from './segment-writer.js'

/** Blocks on their way to the worker hold at most about this much before the feeder has to wait. */
const QUEUE_BYTES = 2 << 20

interface Waiter {
  readonly isMet: () => boolean
  readonly resolve: () => void
  readonly reject: (error: RagError) => void
}

/** A build as the main thread sees it. `release` is called once, when it is over in whatever way. */
export class WorkerSegmentBuild implements SegmentBuild {
  readonly #lane: BuildLane
  readonly #plan: SegmentPlan
  readonly #release: () => void
  readonly #build: number
  #isStarted = false
  #queuedBytes = 0
  #count: number | undefined
  #isFinishing = false
  #failure: RagError | undefined
  #isOver = false
  #waiters: Waiter[] = []

  constructor(lane: BuildLane, plan: SegmentPlan, release: () => void) {
    this.#lane = lane
    this.#plan = plan
    this.#release = release
    this.#build = lane.begin({
      path: plan.path,
      replied: (reply) => this.#replied(reply),
      failed: (error) => this.fail(error),
    })
  }

  async begin(): Promise<void> {
    this.#lane.send({kind: 'start', build: this.#build, plan: this.#plan})
    await this.#until(() => this.#isStarted)
  }

  async add(block: VectorBlock): Promise<void> {
    this.#mustBeOpen()
    const {seqs, vectors} = block
    const {dimension} = this.#plan
    if (vectors.length !== seqs.length * dimension) {
      this.fail(blockMismatch(vectors.length, seqs.length, dimension))
      return this.#until(() => false)
    }
    this.#queuedBytes += vectors.byteLength
    this.#lane.send({kind: 'add', build: this.#build, block}, wholeBuffers(block))
    await this.#until(() => this.#queuedBytes < QUEUE_BYTES)
  }

  async finish(): Promise<{count: number}> {
    this.#mustBeOpen()
    this.#isFinishing = true
    this.#lane.send({kind: 'finish', build: this.#build})
    await this.#until(() => this.#count !== undefined)
    return {count: this.#count ?? 0}
  }

  /** Ends the worker: it may have much in its queue, and another is quickly started. */
  async abort(): Promise<void> {
    if (this.#isOver) return
    const stopped = this.#lane.stop()
    this.fail(buildBroken(this.#plan.path, 'it was given up'))
    await stopped
  }

  /** Rejects what waits and what is asked later; the first failure counts. */
  fail(error: RagError): void {
    if (this.#isOver) return
    this.#failure = error
    this.#end()
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
  }

  #replied(reply: Exclude<BuildReply, {kind: 'failed'}>): void {
    if (reply.kind === 'started') this.#isStarted = true
    else if (reply.kind === 'added') this.#queuedBytes -= reply.bytes
    else {
      this.#count = reply.count
      this.#end()
    }
    const met = this.#waiters.filter((waiter) => waiter.isMet())
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter))
    for (const waiter of met) waiter.resolve()
  }

  #end(): void {
    this.#isOver = true
    this.#lane.end()
    this.#release()
  }

  #mustBeOpen(): void {
    if (this.#failure) throw this.#failure
    if (this.#isFinishing) throw buildBroken(this.#plan.path, 'it was already finished')
  }

  #until(isMet: () => boolean): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure)
    if (isMet()) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiters.push({isMet, resolve, reject}))
  }
}

/** The buffers that a block fills by itself; others are copied, as something else may lie in them. */
function wholeBuffers({seqs, vectors}: VectorBlock): ArrayBuffer[] {
  const whole = [seqs, vectors].filter((view) => view.byteLength === view.buffer.byteLength)
  return [...new Set(whole.map((view) => view.buffer))].filter((buffer) => buffer instanceof ArrayBuffer)
}
