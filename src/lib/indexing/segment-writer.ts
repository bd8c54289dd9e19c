import type {EmbeddingVersion, VectorBlock} from '../model/embedding.js'
import type {NewSegment} from '../model/segment.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import type {Lease} from '../ports/store/lease.js'
import type {SegmentLog} from '../ports/store/store.js'
import type {ProgressSink} from '../ports/surroundings.js'
import type {SegmentBuild, SegmentBuilder} from '../ports/vector-index.js'
import {segmentSize, segmentSizes, type SegmentSizes} from './segment-size.js'

export interface SegmentWriterTools {
  readonly log: Pick<SegmentLog, 'publishSegments'>
  readonly files: ArtifactFiles
  readonly builder: SegmentBuilder
}

export interface SegmentWriterJob {
  readonly version: EmbeddingVersion
  /** Folder of the version among the index files. */
  readonly folder: string
  /** How many vectors are expected in all, for dividing them among the threads. */
  readonly expected: number
  /** Vectors a segment; default: so that all threads end at about the same time. */
  readonly size?: number | undefined
  readonly sizes?: SegmentSizes | undefined
  readonly lease: Lease
  readonly onProgress?: ProgressSink | undefined
}

interface OpenBuild {
  readonly build: SegmentBuild
  readonly stagedPath: string
  firstSeq: number
  lastSeq: number
  count: number
}

/**
 * Takes vectors in ascending seq and builds segments of them in worker threads while more are coming. A full segment is
 * finished, sealed and published in the background; what is left over at the end and is too little for a segment stays in
 * the tail. Nothing is lost when a build fails or the process dies: the vectors are in the store.
 */
export class SegmentWriter {
  readonly #tools: SegmentWriterTools
  readonly #job: SegmentWriterJob
  /** Vectors a segment. */
  readonly size: number
  readonly #sizes: SegmentSizes
  readonly #finishing = new Set<Promise<void>>()
  #open: OpenBuild | undefined
  #published = 0
  #indexed = 0
  #failure: unknown
  #isAborted = false

  constructor(tools: SegmentWriterTools, job: SegmentWriterJob) {
    this.#tools = tools
    this.#job = job
    this.#sizes = job.sizes ?? segmentSizes(job.version.dimension)
    this.size = job.size ?? segmentSize(job.expected, tools.builder.concurrency, this.#sizes)
  }

  /** Segments published so far. */
  get published(): number {
    return this.#published
  }

  /** Vectors in them. */
  get indexed(): number {
    return this.#indexed
  }

  /** Adds vectors; waits when the builders are behind. */
  async add(block: VectorBlock): Promise<void> {
    const {dimension} = this.#job.version
    for (let at = 0; at < block.seqs.length;) {
      this.#throwFailure()
      const open = (this.#open ??= await this.#start())
      const take = Math.min(this.size - open.count, block.seqs.length - at)
      const seqs = block.seqs.slice(at, at + take)
      if (open.count === 0) open.firstSeq = seqs[0]!
      open.lastSeq = seqs.at(-1)!
      // The builder takes the memory over: nothing of it may be looked at afterwards.
      await open.build.add({seqs, vectors: block.vectors.slice(at * dimension, (at + take) * dimension)})
      open.count += take
      at += take
      if (open.count === this.size) this.#finishOpen()
    }
  }

  /**
   * Builds a segment of its own of these vectors, no more than `size`, in the background: they are asked for as the build takes them up.
   * Waits until a thread is free for it. When `signal` says so, what was taken up is all of it. No run may be open.
   */
  async addSegment(blocks: AsyncIterable<VectorBlock>, signal?: AbortSignal): Promise<void> {
    this.#throwFailure()
    const open = await this.#start()
    this.#inBackground(open, async () => {
      for await (const block of blocks) {
        if (this.#isAborted || signal?.aborted) break
        if (open.count === 0) open.firstSeq = block.seqs[0]!
        open.lastSeq = block.seqs.at(-1)!
        open.count += block.seqs.length
        await open.build.add(block)
      }
      if (this.#isAborted || open.count < this.#sizes.min) await open.build.abort()
      else await this.#publish(open)
    })
  }

  /** Ends the run of adjacent seqs: what comes next must not share a segment with what came before. */
  async endRun(): Promise<void> {
    const open = this.#open
    if (!open) return
    if (open.count >= this.#sizes.min) return this.#finishOpen()
    this.#open = undefined
    await open.build.abort()
    await this.#tools.files.discard(open.stagedPath)
  }

  /** Waits until everything is published. @throws what a build or a publication failed with */
  async finish(): Promise<void> {
    await this.endRun()
    await Promise.all(this.#finishing)
    this.#throwFailure()
  }

  /** Gives up what is not finished; never fails. */
  async abort(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    this.#isAborted = true
    if (open) {
      await open.build.abort().catch(() => undefined)
      await this.#tools.files.discard(open.stagedPath)
    }
    await Promise.allSettled(this.#finishing)
  }

  async #start(): Promise<OpenBuild> {
    // A build under way holds a thread; more of them than threads would only hold memory.
    while (this.#finishing.size >= this.#tools.builder.concurrency) await Promise.race(this.#finishing)
    const stagedPath = await this.#tools.files.stage(`${this.#job.folder}/segment.hnsw`)
    const {dimension} = this.#job.version
    const build = await this.#tools.builder.start({path: stagedPath, dimension, capacity: this.size})
    return {build, stagedPath, firstSeq: 0, lastSeq: 0, count: 0}
  }

  #finishOpen(): void {
    const open = this.#open!
    this.#open = undefined
    this.#inBackground(open, () => this.#publish(open))
  }

  #inBackground(open: OpenBuild, finish: () => Promise<void>): void {
    const work = finish()
      // A build that failed may have left half a file.
      .finally(() => this.#tools.files.discard(open.stagedPath))
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => this.#finishing.delete(work))
    this.#finishing.add(work)
  }

  async #publish(open: OpenBuild): Promise<void> {
    const {version, folder, lease, expected, onProgress} = this.#job
    const {count} = await open.build.finish()
    const name = `${folder}/seg-${open.firstSeq}-${open.lastSeq}.hnsw`
    const sealed = await this.#tools.files.seal(open.stagedPath, name)
    const segment: NewSegment = {
      ...sealed,
      versionId: version.id,
      firstSeq: open.firstSeq,
      lastSeq: open.lastSeq,
      dimension: version.dimension,
      count,
    }
    await this.#tools.log.publishSegments(version.id, {add: [segment], drop: []}, lease)
    this.#published++
    this.#indexed += count
    onProgress?.({
      phase: 'index',
      done: this.#indexed,
      total: Math.max(expected, this.#indexed),
      unit: 'vectors',
    })
  }

  #throwFailure(): void {
    if (this.#failure !== undefined)
      throw this.#failure instanceof Error ? this.#failure : new Error('build failed')
  }
}
