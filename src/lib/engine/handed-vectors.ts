import {freeMemory} from '../adapters/system/free-memory.js'
import type {ReadItem} from '../artifacts/read-records.js'
import type {DocumentPut} from '../model/batch.js'

/**
 * Vectors that another thread has handed over, those of many records in one buffer. To the collector of this thread a buffer is a few bytes:
 * it would let tens of megabytes of them lie. So each is given back when the last of its vectors is stored; one of which a record was
 * skipped is left to the collector.
 */
export class HandedVectors {
  /** How many vectors of a buffer are not stored yet. */
  readonly #waiting = new WeakMap<ArrayBufferLike, number>()

  /** Of items that were handed over just now. */
  take(items: readonly ReadItem[]): void {
    for (const item of items)
      if (item.kind === 'passage')
        for (const {vector} of item.put?.chunks ?? [])
          if (vector) this.#waiting.set(vector.buffer, (this.#waiting.get(vector.buffer) ?? 0) + 1)
  }

  /** Of documents that are stored, and that nobody looks at any more: their vectors may be empty afterwards. */
  release(documents: readonly DocumentPut[]): void {
    for (const {chunks} of documents) for (const {vector} of chunks) if (vector) this.#stored(vector)
  }

  #stored(vector: Float32Array): void {
    const left = this.#waiting.get(vector.buffer)
    if (left === undefined) return
    this.#waiting.set(vector.buffer, left - 1)
    if (left === 1) freeMemory(vector)
  }
}
