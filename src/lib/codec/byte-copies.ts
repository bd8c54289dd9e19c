/** Copies lie side by side in pieces of this size: memory of its own for each vector costs more than all of its decoding. */
const PIECE_BYTES = 256 * 1024
/** Smaller copies would keep too much of a piece alive; larger ones are worth memory of their own. */
const LEAST_SHARED = 256
const MOST_SHARED = 16 * 1024

/** Copies bytes out of memory that is about to be used anew. Each copy begins on a multiple of 8 bytes. */
export class ByteCopies {
  readonly #isReused: boolean
  #pieces: Uint8Array[] = []
  #piece = -1
  #used = PIECE_BYTES

  /** @param isReused pieces are kept, to be filled again after `reuse` */
  constructor(isReused = false) {
    this.#isReused = isReused
  }

  copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const length = end - start
    if (length < LEAST_SHARED || length > MOST_SHARED) return bytes.slice(start, end)
    if (this.#used + length > PIECE_BYTES) this.#nextPiece()
    const copy = this.#pieces[this.#piece]!.subarray(this.#used, this.#used + length)
    copy.set(bytes.subarray(start, end))
    this.#used = (this.#used + length + 7) & ~7
    return copy
  }

  /** Whoever has copies that share memory is done with them: it is filled anew. */
  reuse(): void {
    if (!this.#isReused) return
    this.#piece = -1
    this.#used = PIECE_BYTES
  }

  #nextPiece(): void {
    this.#used = 0
    if (!this.#isReused) this.#pieces = []
    this.#piece = this.#isReused ? this.#piece + 1 : 0
    if (this.#piece >= this.#pieces.length) this.#pieces.push(new Uint8Array(PIECE_BYTES))
  }
}
