import {BytesAhead} from '../../kernel/bytes-ahead.js'
import type {VectorBlock} from '../../model/embedding.js'
import {indexBlockMismatch, indexBuildFailed} from '../../model/errors/store/index-files.js'
import type {RagError} from '../../model/errors/rag-error.js'
import type {SegmentBuild} from '../../ports/vector-index.js'
import type {BuildLane} from './build-lane.js'
import type {SegmentPlan} from './segment-writer.js'

/** Blocks on their way to the worker hold at most about this much before the feeder has to wait. */
const AHEAD_BYTES = 2 << 20

/** A build in a worker thread. `release` is called once, when it is over in whatever way. */
export class WorkerSegmentBuild implements SegmentBuild {
  readonly #lane: BuildLane
  readonly #plan: SegmentPlan
  readonly #release: () => void
  readonly #ahead = new BytesAhead(AHEAD_BYTES)
  #isFinishing = false
  #isOver = false
  #failure: RagError | undefined

  constructor(lane: BuildLane, plan: SegmentPlan, release: () => void) {
    this.#lane = lane
    this.#plan = plan
    this.#release = release
    lane.path = plan.path
  }

  async begin(): Promise<void> {
    await this.#answered(this.#lane.thread.call('start', this.#plan))
  }

  async add(block: VectorBlock): Promise<void> {
    this.#mustBeOpen()
    const {seqs, vectors} = block
    const {dimension} = this.#plan
    if (vectors.length !== seqs.length * dimension)
      throw this.#fail(indexBlockMismatch(vectors.length, seqs.length, dimension))
    const bytes = vectors.byteLength
    const added = this.#lane.thread.call('add', block, {transfer: wholeBuffers(block)})
    // A failure is thrown to whoever adds or finishes next.
    this.#answered(added).then(
      () => this.#ahead.taken(bytes),
      () => undefined,
    )
    await this.#ahead.sent(bytes)
    if (this.#failure) throw this.#failure
  }

  async finish(): Promise<{count: number}> {
    this.#mustBeOpen()
    this.#isFinishing = true
    const finished = await this.#answered(this.#lane.thread.call('finish', undefined))
    this.#end()
    return finished
  }

  /** Ends the worker: it may have much in its queue, and another is quickly started. */
  async abort(): Promise<void> {
    if (this.#isOver) return
    const closed = this.#lane.thread.close()
    this.#fail(indexBuildFailed(this.#plan.path, 'it was aborted'))
    await closed
  }

  /** The first failure counts, for all that waits and all that is asked later. */
  async #answered<T>(reply: Promise<T>): Promise<T> {
    try {
      return await reply
    } catch (error) {
      throw this.#fail(error as RagError)
    }
  }

  #fail(error: RagError): RagError {
    this.#failure ??= error
    this.#ahead.end()
    this.#end()
    return this.#failure
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#release()
  }

  #mustBeOpen(): void {
    if (this.#failure) throw this.#failure
    if (this.#isFinishing) throw indexBuildFailed(this.#plan.path, 'it was already finished')
  }
}

/** The buffers that a block fills by itself; others are copied, as something else may lie in them. */
function wholeBuffers({seqs, vectors}: VectorBlock): ArrayBuffer[] {
  const whole = [seqs, vectors].filter((view) => view.byteLength === view.buffer.byteLength)
  return [...new Set(whole.map((view) => view.buffer))].filter((buffer) => buffer instanceof ArrayBuffer)
}
