/**
 * Keeps a worker thread from being ended in the middle of a native call: Node's answer to that is to abort the whole
 * process. The worker passes the gate for each call; who wants to end the thread closes the gate first and waits for the
 * call under way, which takes a millisecond or so (the writing of a file: as long as that takes).
 */
export class NativeGate {
  readonly buffer: SharedArrayBuffer
  readonly #flags: Int32Array
  readonly #limitMs: number
  /** Known to the owner alone, and final. */
  #isClosed = false

  /**
   * @param buffer that of the other thread's gate, or nothing for a new one
   * @param limitMs how long `close` waits at most; far longer than any call takes
   */
  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
    limitMs: number = LIMIT_MS,
  ) {
    this.buffer = buffer
    this.#limitMs = limitMs
    this.#flags = new Int32Array(buffer)
  }

  /** In the worker: makes the call, or, when the gate is closed, waits there to be ended. */
  pass<T>(call: () => T): T {
    // Set the flag first, then read the other: the owner does it the other way round, so that one of the two sees the other.
    Atomics.store(this.#flags, INSIDE, 1)
    if (Atomics.load(this.#flags, CLOSED) === 1) {
      this.#leave()
      Atomics.wait(this.#flags, CLOSED, 1)
    }
    try {
      return call()
    } finally {
      this.#leave()
    }
  }

  /**
   * In the owner's thread: lets nobody in any more, and returns when nobody is inside. Blocks, the first time only: a thread that
   * is ended on its way out seems to be inside for ever. One that ended of itself in there (out of memory) may not have been
   * heard of yet, hence the limit.
   */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    Atomics.store(this.#flags, CLOSED, 1)
    const limit = performance.now() + this.#limitMs
    while (Atomics.load(this.#flags, INSIDE) === 1 && performance.now() < limit)
      Atomics.wait(this.#flags, INSIDE, 1, PATIENCE_MS)
  }

  /** In the owner's thread: the other one is no more, so nobody is inside, whatever it left behind. */
  abandon(): void {
    this.#isClosed = true
  }

  #leave(): void {
    Atomics.store(this.#flags, INSIDE, 0)
    Atomics.notify(this.#flags, INSIDE)
  }
}

const CLOSED = 0
const INSIDE = 1
/** A notification can come between the check and the wait. */
const PATIENCE_MS = 5
const LIMIT_MS = 120_000
