import type {SourceLine} from '../../../ports/files/source-tree.js'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const NO_BYTES = new Uint8Array(0)

/**
 * Cuts a stream of bytes into lines without their end (`\n` or `\r\n`), with number (from 1) and byte offset. A last line needs no end; an
 * end makes no further line. A line of more than `maxLineBytes` comes as `tooLong` with no bytes, and is not kept in memory.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<SourceLine, void, undefined> {
  const line = new GrowingLine(maxLineBytes)
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      line.add(bytes.subarray(start, end))
      yield line.take(1)
      start = end + 1
    }
    line.add(bytes.subarray(start))
  }
  if (line.length > 0) yield line.take(0)
}

class GrowingLine {
  length = 0
  readonly #maxBytes: number
  #parts: Uint8Array[] = []
  #kept = 0
  #last = 0
  #number = 1
  #offset = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  add(part: Uint8Array): void {
    if (part.length === 0) return
    this.length += part.length
    this.#last = part[part.length - 1] ?? 0
    // One more than allowed: it may be the `\r` of the line's end.
    if (this.length <= this.#maxBytes + 1) {
      this.#parts.push(part)
      this.#kept += part.length
    } else this.#parts = []
  }

  take(endBytes: 0 | 1): SourceLine {
    const contentBytes = endBytes === 1 && this.#last === CARRIAGE_RETURN ? this.length - 1 : this.length
    const tooLong = contentBytes > this.#maxBytes
    const [first, ...more] = this.#parts
    const whole = more.length === 0 ? (first ?? NO_BYTES) : Buffer.concat(this.#parts, this.#kept)
    const taken = {
      number: this.#number,
      offset: this.#offset,
      bytes: tooLong ? NO_BYTES : whole.subarray(0, contentBytes),
      tooLong,
    }
    this.#number++
    this.#offset += this.length + endBytes
    this.#parts = []
    this.length = 0
    this.#kept = 0
    this.#last = 0
    return taken
  }
}
