import {valueTooLarge} from '../model/errors/files/batch.js'

/** Bytes that are held at least, so that small reads are not made one by one. */
const FIRST_BYTES = 256 * 1024

/**
 * A part of a stream of bytes, moved along as it is read. It grows until the value at its start fits, and no further than its limit:
 * memory is bounded by the largest value, not by the stream.
 */
export class ByteWindow {
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #limitBytes: number
  #bytes: Uint8Array = new Uint8Array(FIRST_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #start = 0
  #end = 0
  #passed = 0
  #isDry = false
  /** Of the stream, after bytes that are still to be looked at. */
  #failure: {readonly error: unknown} | undefined

  constructor(chunks: AsyncIterable<Uint8Array>, limitBytes: number) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#limitBytes = limitBytes
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  get view(): DataView {
    return this.#view
  }

  /** Where the window's first unread byte stands in `bytes`, and where its bytes end. */
  get start(): number {
    return this.#start
  }

  get end(): number {
    return this.#end
  }

  /** Where the first unread byte stands in the stream. */
  get offset(): number {
    return this.#passed + this.#start
  }

  /** Bytes of the stream seen so far. */
  get seen(): number {
    return this.#passed + this.#end
  }

  /** Moves past bytes up to a place in `bytes`. */
  moveTo(place: number): void {
    this.#start = place
  }

  /**
   * Brings in more of the stream, at least as much again as is held: whoever looks at the same value anew each time does so in linear
   * time. False when there is no more. @throws RagError TOO_LARGE when the value at the start outgrows the limit; what the stream throws,
   * once all that came before it was handed over
   */
  async more(): Promise<boolean> {
    const wanted = Math.max(FIRST_BYTES, 2 * (this.#end - this.#start))
    const before = this.#end - this.#start
    if (before >= this.#limitBytes) throw valueTooLarge(this.offset, Math.floor(this.#limitBytes / 1024 ** 2))
    while (!this.#isDry && this.#end - this.#start < wanted) {
      const {done, value} = await this.#next()
      if (done) this.#isDry = true
      else this.#append(value)
    }
    const isMore = this.#end - this.#start > before
    if (!isMore && this.#failure) throw this.#failure.error
    return isMore
  }

  /** Gives the source back, however much of it is unread. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      return await this.#chunks.next()
    } catch (error) {
      this.#failure = {error}
      return {done: true, value: undefined}
    }
  }

  #append(chunk: Uint8Array): void {
    const held = this.#end - this.#start
    if (this.#end + chunk.length > this.#bytes.length) {
      const room = held + chunk.length
      // What was handed out of the old bytes stays as it is: slices are copied by whoever keeps them.
      const target = room > this.#bytes.length ? new Uint8Array(2 * room) : this.#bytes
      target.set(this.#bytes.subarray(this.#start, this.#end), 0)
      if (target !== this.#bytes) {
        this.#bytes = target
        this.#view = new DataView(target.buffer)
      }
      this.#passed += this.#start
      this.#start = 0
      this.#end = held
    }
    this.#bytes.set(chunk, this.#end)
    this.#end += chunk.length
  }
}
