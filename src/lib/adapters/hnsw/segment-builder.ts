import {indexBuildFailed} from '../../model/errors/store/index-files.js'
import type {RagError} from '../../model/errors/rag-error.js'
import {BUILD_BYTES, buildBytes} from '../../model/index-entry.js'
import {MAX_DIMENSION, MAX_SEQ} from '../../model/vector.js'
import type {SegmentBuild, SegmentBuilder, SegmentSpec} from '../../ports/vector-index.js'
import {BuildLane} from './build-lane.js'
import {WorkerSegmentBuild} from './worker-segment-build.js'

export interface SegmentBuilderOptions {
  /** Builds at a time; each has a worker thread. At least 1. */
  readonly threads: number
  /** Memory that they may take together; one that needs more runs alone. Default `BUILD_BYTES`. */
  readonly memoryBytes?: number
  /** Where a worker's entry file is; asked for `hnsw-worker`. */
  readonly workerUrl: (name: string) => URL
  /** Links of an element in an upper layer; twice as many in the lowest. */
  readonly m?: number
  /** Candidates considered when an element is linked. By default fewer in a small segment. */
  readonly efConstruction?: number
}

const DEFAULT_M = 16
const DEFAULT_EF_CONSTRUCTION = 100
/** Of up to so many vectors, fewer candidates link as well: half the time for a hundredth of the recall where vectors are hardest to tell apart. */
const SMALL_SEGMENT = 4096
const SMALL_EF_CONSTRUCTION = 60

/** Builds hnswlib segments (space: cosine; label: seq) in worker threads, which are kept for the next build. */
export function createSegmentBuilder(options: SegmentBuilderOptions): SegmentBuilder {
  return new WorkerSegmentBuilder(options)
}

interface Waiting {
  readonly spec: SegmentSpec
  readonly resolve: () => void
  readonly reject: (error: RagError) => void
}

class WorkerSegmentBuilder implements SegmentBuilder {
  readonly concurrency: number
  readonly #options: SegmentBuilderOptions
  #idle: BuildLane[] = []
  readonly #running = new Map<WorkerSegmentBuild, BuildLane>()
  readonly #waiting: Waiting[] = []
  #busy = 0
  /** What the builds under way may come to take. */
  #bytes = 0
  #isClosed = false

  constructor(options: SegmentBuilderOptions) {
    this.concurrency = Math.max(1, Math.floor(options.threads))
    this.#options = options
  }

  async start(spec: SegmentSpec): Promise<SegmentBuild> {
    checkSpec(spec)
    await this.#turn(spec)
    if (this.#isClosed) throw closed(spec.path)
    const lane = this.#takeLane()
    const usual = spec.capacity <= SMALL_SEGMENT ? SMALL_EF_CONSTRUCTION : DEFAULT_EF_CONSTRUCTION
    const {m = DEFAULT_M, efConstruction = usual} = this.#options
    const build: WorkerSegmentBuild = new WorkerSegmentBuild(lane, {...spec, m, efConstruction}, () => {
      this.#running.delete(build)
      if (!lane.thread.isDead) this.#idle.push(lane)
      this.#busy--
      this.#bytes -= bytesOf(spec)
      this.#nextTurns()
    })
    this.#running.set(build, lane)
    await build.begin()
    return build
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const {spec, reject} of this.#waiting.splice(0)) reject(closed(spec.path))
    await Promise.all([...this.#running.keys()].map((build) => build.abort()))
    await Promise.all(this.#idle.splice(0).map((lane) => lane.thread.close()))
  }

  async #turn(spec: SegmentSpec): Promise<void> {
    if (this.#isClosed) throw closed(spec.path)
    if (this.#waiting.length === 0 && this.#hasRoom(spec)) return this.#enter(spec)
    await new Promise<void>((resolve, reject) => this.#waiting.push({spec, resolve, reject}))
  }

  #hasRoom(spec: SegmentSpec): boolean {
    const {memoryBytes = BUILD_BYTES} = this.#options
    return this.#busy === 0 || (this.#busy < this.concurrency && this.#bytes + bytesOf(spec) <= memoryBytes)
  }

  #enter(spec: SegmentSpec): void {
    this.#busy++
    this.#bytes += bytesOf(spec)
  }

  /** When a build is over: those that have waited longest, as many as there is room for. */
  #nextTurns(): void {
    for (let next = this.#waiting[0]; next && this.#hasRoom(next.spec); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#enter(next.spec)
      next.resolve()
    }
  }

  #takeLane(): BuildLane {
    this.#idle = this.#idle.filter((lane) => !lane.thread.isDead)
    return this.#idle.pop() ?? new BuildLane(this.#options.workerUrl('hnsw-worker'))
  }
}

const bytesOf = ({capacity, dimension}: SegmentSpec): number => capacity * buildBytes(dimension)

function checkSpec({path, dimension, capacity}: SegmentSpec): void {
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > MAX_DIMENSION)
    throw indexBuildFailed(path, `${dimension} is not a dimension`)
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > MAX_SEQ)
    throw indexBuildFailed(path, `${capacity} is not a number of vectors`)
}

const closed = (path: string): RagError => indexBuildFailed(path, 'the builder was closed')
