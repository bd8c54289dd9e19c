import {createHash} from 'node:crypto'
import {open, statfs} from 'node:fs/promises'
import {dirname} from 'node:path'
import type {HierarchicalNSW} from 'hnswlib-node'
import {badSegmentVector, indexBuildFailed, segmentNotWritten} from '../../model/errors/store/index-files.js'
import {RagError, reasonOf} from '../../model/errors/rag-error.js'
import type {VectorBlock} from '../../model/embedding.js'
import type {NativeGate} from './native-gate.js'
import {releaseIndex, type NativeModule} from './native-index.js'
import {appendCopies, type VectorCopy} from './segment-copies.js'
import {checkUpperLayers, readShape} from './segment-format.js'

export interface SegmentPlan {
  readonly path: string
  readonly dimension: number
  readonly capacity: number
  readonly m: number
  readonly efConstruction: number
}

/** Fixed, so that equal input gives equal bytes. */
const SEED = 100
/**
 * Room at first: growing reports a lack of memory where asking for all at once ends the process. It grows once, to all that is planned:
 * memory that is never written to takes no room, while what grows in steps lies there twice when it has to move.
 */
const FIRST_ROOM = 1024

/** Builds one segment on the thread it runs on. */
export class SegmentWriter {
  readonly #plan: SegmentPlan
  readonly #gate: NativeGate
  readonly #index: HierarchicalNSW
  readonly #unit: Float32Array
  /** The native call takes true arrays only; one is used again and again. */
  readonly #point: number[]
  readonly #places = new Map<string, number>()
  readonly #copies: VectorCopy[] = []
  #room: number
  #linked = 0
  #lastSeq = -1

  /** @param gate passed for every native call that changes the index or takes long */
  constructor(native: NativeModule, plan: SegmentPlan, gate: NativeGate) {
    this.#gate = gate
    this.#plan = plan
    this.#index = new native.HierarchicalNSW('cosine', plan.dimension)
    this.#room = Math.max(1, Math.min(FIRST_ROOM, plan.capacity))
    this.#index.initIndex(this.#room, plan.m, plan.efConstruction, SEED)
    this.#unit = new Float32Array(plan.dimension)
    this.#point = Array.from(this.#unit)
  }

  /** @throws RagError BAD_VECTOR | INTERNAL */
  add(block: VectorBlock): void {
    for (let row = 0; row < block.seqs.length; row++) this.#addVector(block.seqs[row]!, block.vectors, row)
  }

  #addVector(seq: number, vectors: Float32Array, row: number): void {
    const {path, capacity} = this.#plan
    if (seq <= this.#lastSeq) throw indexBuildFailed(path, `vector ${seq} came after ${this.#lastSeq}`)
    if (this.#linked + this.#copies.length >= capacity)
      throw indexBuildFailed(path, `more than ${capacity} vectors came`)
    this.#lastSeq = seq
    this.#toUnitLength(seq, vectors, row * this.#unit.length)
    const key = createHash('sha256').update(new Uint8Array(this.#unit.buffer)).digest('base64')
    const original = this.#places.get(key)
    if (original !== undefined) {
      this.#copies.push({seq, original})
      return
    }
    this.#makeRoom()
    this.#gate.pass(() => this.#index.addPoint(this.#point, seq))
    this.#places.set(key, this.#linked++)
  }

  /** In double precision: the native code's float32 sum of squares is 0 or infinite for very small or large numbers. */
  #toUnitLength(seq: number, vectors: Float32Array, start: number): void {
    const unit = this.#unit
    let squares = 0
    for (let i = 0; i < unit.length; i++) squares += vectors[start + i]! * vectors[start + i]!
    if (!Number.isFinite(squares)) throw badSegmentVector(seq, 'it holds a number that is not finite')
    if (squares === 0) throw badSegmentVector(seq, 'all its numbers are zero')
    const scale = 1 / Math.sqrt(squares)
    for (let i = 0; i < unit.length; i++) {
      unit[i] = vectors[start + i]! * scale
      this.#point[i] = unit[i]!
    }
  }

  #makeRoom(): void {
    if (this.#linked < this.#room) return
    this.#room = this.#plan.capacity
    this.#gate.pass(() => this.#index.resizeIndex(this.#room))
  }

  /**
   * Writes the file and checks what was written: the native writer is silent when it fails.
   * @throws RagError DISK_FULL | STORE_UNUSABLE
   */
  async finish(): Promise<{count: number}> {
    const {path, dimension} = this.#plan
    try {
      this.#gate.pass(() => {
        if (this.#linked > 0) this.#index.resizeIndex(this.#linked)
        this.#index.writeIndexSync(path)
      })
      const file = await open(path, 'r+')
      try {
        const shape = await readShape(file, dimension)
        if (shape.count !== this.#linked)
          throw new Error(`it holds ${shape.count} vectors instead of ${this.#linked}`)
        if (this.#copies.length > 0) await appendCopies(file, shape, this.#copies)
        await checkUpperLayers(file, await readShape(file, dimension))
      } finally {
        await file.close()
      }
      return {count: this.#linked + this.#copies.length}
    } catch (error) {
      throw error instanceof RagError
        ? error
        : segmentNotWritten(path, reasonOf(error), await freeBytes(dirname(path)))
    } finally {
      this.release()
    }
  }

  /** Gives the memory back; nothing can be added after it. */
  release(): void {
    this.#places.clear()
    releaseIndex(this.#index)
  }
}

async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const facts = await statfs(folder)
    return facts.bavail * facts.bsize
  } catch {
    return undefined
  }
}
