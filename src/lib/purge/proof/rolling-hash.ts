/*
 * A hash over a window of bytes that can be rolled on by one byte: h = Σ byte × FACTOR^(place from the end), modulo 2³².
 */

/** Bytes of the window for pieces of text and of vectors, and for terms. */
export const LONG = 24
export const SHORT = 6

const FACTOR = 0x01000193
const MIX = 0x9e3779b1
/** Bits of a table a hash in it: it tells all but one in so many windows apart from those that are looked for. */
const SPARSENESS = 32
const [LEAST_LOG, MOST_LOG] = [15, 23]

/** A bit for each hash, as few as are enough: a table that fits into the processor's cache is read many times faster. */
export interface HashTable {
  readonly words: Uint32Array
  readonly shift: number
}

/** The hash of `width` bytes, as a whole number from 0. */
export function hashOf(bytes: Uint8Array, start: number, width: number): number {
  let hash = 0
  for (let i = start; i < start + width; i++) hash = (Math.imul(hash, FACTOR) + bytes[i]!) | 0
  return hash >>> 0
}

/** The place of a hash in the table is in the high bits of a product: its low bits alone hang on low bits of the bytes. */
export function hashTable(hashes: readonly number[]): HashTable {
  const enough = Math.ceil(Math.log2(Math.max(1, hashes.length) * SPARSENESS))
  const log = Math.min(MOST_LOG, Math.max(LEAST_LOG, enough))
  const [words, shift] = [new Uint32Array(2 ** (log - 5)), 32 - log]
  for (const hash of hashes) {
    const bit = Math.imul(hash, MIX) >>> shift
    words[bit >>> 5]! |= 1 << (bit & 31)
  }
  return {words, shift}
}

/** Tells of each window that begins before `end` and whose hash is in the table. */
export function rollOver(
  bytes: Uint8Array,
  {width, end}: {readonly width: number; readonly end: number},
  {words, shift}: HashTable,
  tell: (start: number, hash: number) => void,
): void {
  if (bytes.length < width || end <= 0) return
  const last = Math.min(end, bytes.length - width + 1)
  let out = 1
  for (let i = 0; i < width; i++) out = Math.imul(out, FACTOR)
  let hash = hashOf(bytes, 0, width) | 0
  for (let start = 0; ;) {
    const bit = Math.imul(hash, MIX) >>> shift
    if ((words[bit >>> 5]! & (1 << (bit & 31))) !== 0) tell(start, hash >>> 0)
    if (start + 1 >= last) return
    hash = (Math.imul(hash, FACTOR) + bytes[start + width]! - Math.imul(bytes[start]!, out)) | 0
    start++
  }
}
