import type {ReadItem} from './read-records.js'
import type {DocumentPut} from '../../model/batch.js'

/**
 * Vectors that another thread has handed over, those of many records in one buffer. To the collector of this thread a buffer is a few bytes:
 * it would let tens of megabytes of them lie. So each is given back when the last of its vectors is stored; one of which a record was
 * skipped is left to the collector.
 */
export class HandedVectors {
  /** How many vectors of a buffer are not stored yet. */
  readonly #waiting = new WeakMap<ArrayBufferLike, number>()
  readonly #free: (array: ArrayBufferView) => void

  constructor(free: (array: ArrayBufferView) => void) {
    this.#free = free
  }

  /** Of items that were handed over just now. */
  take(items: readonly ReadItem[]): void {
    const counted = new BufferCount((buffer, count) => {
      this.#waiting.set(buffer, (this.#waiting.get(buffer) ?? 0) + count)
    })
    for (const item of items) if (item.kind === 'chunk' && item.put) countVectors(item.put, counted)
    counted.end()
  }

  /** Of documents that are stored, and that nobody looks at any more: their vectors may be empty afterwards. */
  release(documents: readonly DocumentPut[]): void {
    const counted = new BufferCount((buffer, count) => this.#stored(buffer, count))
    for (const document of documents) countVectors(document, counted)
    counted.end()
  }

  #stored(buffer: ArrayBufferLike, count: number): void {
    const waiting = this.#waiting.get(buffer)
    if (waiting === undefined) return
    this.#waiting.set(buffer, waiting - count)
    if (waiting === count) this.#free(new Uint8Array(buffer))
  }
}

function countVectors({chunks}: DocumentPut, counted: BufferCount): void {
  for (const {vector} of chunks) if (vector) counted.one(vector.buffer)
}

/** Counts what lies in the same buffer, most of it one after the other: a look into a map for each vector would cost more than the rest. */
class BufferCount {
  readonly #tell: (buffer: ArrayBufferLike, count: number) => void
  #buffer: ArrayBufferLike | undefined
  #count = 0

  constructor(tell: (buffer: ArrayBufferLike, count: number) => void) {
    this.#tell = tell
  }

  one(buffer: ArrayBufferLike): void {
    if (buffer !== this.#buffer) {
      this.end()
      this.#buffer = buffer
    }
    this.#count++
  }

  end(): void {
    if (this.#buffer) this.#tell(this.#buffer, this.#count)
    this.#buffer = undefined
    this.#count = 0
  }
}
