import {readFileSync} from 'node:fs'

/** What of a write-ahead log SQLite would use. */
export interface LogFrames {
  /** Of this log: a log that begins anew has others. */
  readonly salts: string
  /** Frames up to the last commit. */
  readonly frames: number
}

export const LOG_HEADER = 32
export const FRAME_HEADER = 24
/** The checksums are over numbers in big-endian order; of the other magic number, in little-endian. */
const BIG_ENDIAN = 0x377f0683

/** Reads a whole log as SQLite does when it recovers: up to the first frame that is not as it was written. */
export function readLogFrames(log: string): LogFrames | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(log)
  } catch {
    return undefined
  }
  if (bytes.length < LOG_HEADER) return undefined
  const sum = new FrameSum(bytes.readUInt32BE(0) === BIG_ENDIAN)
  sum.add(bytes.subarray(0, 24))
  if (!sum.equals(bytes, 24)) return undefined
  const salts = saltsIn(bytes)
  const frameBytes = FRAME_HEADER + bytes.readUInt32BE(8)
  let frames = 0
  for (let n = 1; LOG_HEADER + n * frameBytes <= bytes.length; n++) {
    const frame = bytes.subarray(LOG_HEADER + (n - 1) * frameBytes, LOG_HEADER + n * frameBytes)
    sum.add(frame.subarray(0, 8))
    sum.add(frame.subarray(FRAME_HEADER))
    if (frame.toString('hex', 8, 16) !== salts || !sum.equals(frame, 16)) break
    if (frame.readUInt32BE(4) !== 0) frames = n
  }
  return {salts, frames}
}

/** The salts of a log by its header. */
export const saltsIn = (header: Buffer): string => header.toString('hex', 16, 24)

/** The running checksum of a log: https://sqlite.org/fileformat2.html#checksum_algorithm */
class FrameSum {
  readonly #isBigEndian: boolean
  #first = 0
  #second = 0

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian
  }

  add(bytes: Buffer): void {
    let [first, second] = [this.#first, this.#second]
    for (let at = 0; at < bytes.length; at += 8) {
      const [one, two] = this.#isBigEndian
        ? [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
        : [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)]
      first = (first + one + second) >>> 0
      second = (second + two + first) >>> 0
    }
    this.#first = first
    this.#second = second
  }

  equals(bytes: Buffer, at: number): boolean {
    return this.#first === bytes.readUInt32BE(at) && this.#second === bytes.readUInt32BE(at + 4)
  }
}
