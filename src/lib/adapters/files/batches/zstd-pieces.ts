type Bytes = AsyncIterable<Uint8Array>

/** What the zstd program takes without being told to take more. */
const MAX_WINDOW_BYTES = 128 * 1024 ** 2
/** The format's own limit of a block, packed or not. */
const MAX_BLOCK_BYTES = 128 * 1024

const FRAME = 0xfd2f_b528
const SKIPPABLE = 0x184d_2a5
const RLE = 1

/**
 * Cuts zstd data into pieces that unpack to one block each, so that however much they unpack to, no more than that is held; what asks
 * for more memory than any such data need is refused. Data that break off end with a shorter piece.
 * @throws Error that says what is wrong
 */
export async function* zstdPieces(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const taker = new Taker(bytes)
  try {
    for (;;) {
      const magic = await taker.take(4)
      if (magic.length === 0) return
      const number = magic.length < 4 ? FRAME : viewOf(magic).getUint32(0, true)
      if (number >>> 4 === SKIPPABLE) await skipFrame(taker)
      else if (number === FRAME) yield* frame(taker, magic)
      else throw new Error('what follows a frame is none')
    }
  } finally {
    await taker.close()
  }
}

async function skipFrame(taker: Taker): Promise<void> {
  const size = await taker.take(4)
  if (size.length < 4) throw new Error('it breaks off')
  await taker.skip(viewOf(size).getUint32(0, true))
}

async function* frame(taker: Taker, magic: Uint8Array): AsyncGenerator<Uint8Array> {
  const descriptor = await taker.take(1)
  const flags = descriptor[0] ?? 0
  const rest = await taker.take(headerBytes(flags))
  const head = Buffer.concat([magic, descriptor, rest])
  if (rest.length < headerBytes(flags)) return yield head
  const window = windowOf(flags, rest)
  if (window > MAX_WINDOW_BYTES)
    throw new Error(
      `it asks for a window of ${Math.ceil(window / 1024 ** 2)} MiB, more than ${MAX_WINDOW_BYTES / 1024 ** 2}`,
    )
  yield head
  for (let isLast = false; !isLast;) {
    const start = await taker.take(3)
    if (start.length < 3) return yield start
    const bits = start[0]! | (start[1]! << 8) | (start[2]! << 16)
    const size = bits >>> 3
    if (size > MAX_BLOCK_BYTES) throw new Error('a block is larger than the format allows')
    isLast = (bits & 1) === 1
    yield Buffer.concat([start, await taker.take(((bits >>> 1) & 3) === RLE ? 1 : size)])
  }
  if (flags & 4) yield await taker.take(4)
}

/** Bytes of the frame's head after its descriptor: window, dictionary, size of the content. */
function headerBytes(flags: number): number {
  const dictionary = [0, 1, 2, 4][flags & 3]!
  return (isSingle(flags) ? 0 : 1) + dictionary + contentBytes(flags)
}

const isSingle = (flags: number): boolean => (flags & 0x20) !== 0

const contentBytes = (flags: number): number => [isSingle(flags) ? 1 : 0, 2, 4, 8][flags >>> 6]!

/** How much of what was unpacked the frame looks back at: told by itself, or all of it. */
function windowOf(flags: number, head: Uint8Array): number {
  if (!isSingle(flags)) {
    const base = 2 ** (10 + (head[0]! >>> 3))
    return base + (base / 8) * (head[0]! & 7)
  }
  const view = viewOf(head.subarray(head.length - contentBytes(flags)))
  switch (view.byteLength) {
    case 1:
      return view.getUint8(0)
    case 2:
      return view.getUint16(0, true) + 256
    case 4:
      return view.getUint32(0, true)
    default:
      return Number(view.getBigUint64(0, true))
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** Bytes of a stream in the portions that are asked for. */
class Taker {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Uint8Array = new Uint8Array(0)

  constructor(bytes: Bytes) {
    this.#chunks = bytes[Symbol.asyncIterator]()
  }

  /** So many bytes, fewer only at the end. */
  async take(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let left = count; left > 0 && (await this.#fill());) {
      const part = this.#held.subarray(0, left)
      this.#held = this.#held.subarray(part.length)
      left -= part.length
      parts.push(part)
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0 && (await this.#fill());) {
      const step = Math.min(left, this.#held.length)
      this.#held = this.#held.subarray(step)
      left -= step
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async #fill(): Promise<boolean> {
    while (this.#held.length === 0) {
      const {done, value} = await this.#chunks.next()
      if (done) return false
      this.#held = value
    }
    return true
  }
}
