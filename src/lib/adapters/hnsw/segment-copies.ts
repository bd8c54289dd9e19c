import type {FileHandle} from 'node:fs/promises'
import {COUNT_AT, HEADER_BYTES, MAX_ELEMENTS_AT, readExactly, type SegmentShape} from './segment-format.js'

/**
 * Equal vectors of one segment. In a graph of neighbours, hundreds of equal points link only to each other and cut off the
 * rest: measured, 20 groups of 200 beside 4,000 others brought recall down from .99 to .6. So only the first is linked; the
 * others stand at the end of the file as elements that no search reaches, with these words in the place of their links:
 * number of links 0, place of the equal element, `MARK`.
 */
export interface VectorCopy {
  readonly seq: number
  /** Place in the file of the linked element with an equal vector. */
  readonly original: number
}

const MARK = 0x5950_4f43
/** About this many bytes of elements are held at a time. */
const WINDOW_BYTES = 1 << 20

/** Adds the copies to a file that the native writer has finished. */
export async function appendCopies(
  file: FileHandle,
  shape: SegmentShape,
  copies: readonly VectorCopy[],
): Promise<void> {
  const {elementBytes} = shape
  const end = HEADER_BYTES + shape.count * elementBytes
  const tail = await readExactly(file, end, shape.fileBytes - end)
  const perWindow = Math.max(1, Math.floor(WINDOW_BYTES / elementBytes))
  for (let from = 0; from < copies.length; from += perWindow) {
    const some = copies.slice(from, from + perWindow)
    const window = new Uint8Array(some.length * elementBytes)
    for (const [place, copy] of some.entries())
      window.set(await copiedElement(file, shape, copy), place * elementBytes)
    await writeExactly(file, window, end + from * elementBytes)
  }
  const tailAt = end + copies.length * elementBytes
  await writeExactly(file, new Uint8Array(tail.buffer), tailAt)
  await writeExactly(file, new Uint8Array(copies.length * 4), tailAt + tail.byteLength)
  const count = new DataView(new ArrayBuffer(8))
  count.setBigUint64(0, BigInt(shape.count + copies.length), true)
  await writeExactly(file, new Uint8Array(count.buffer), MAX_ELEMENTS_AT)
  await writeExactly(file, new Uint8Array(count.buffer), COUNT_AT)
}

async function copiedElement(file: FileHandle, shape: SegmentShape, copy: VectorCopy): Promise<Uint8Array> {
  const element = await readExactly(
    file,
    HEADER_BYTES + copy.original * shape.elementBytes,
    shape.elementBytes,
  )
  const bytes = new Uint8Array(element.buffer)
  bytes.fill(0, 0, shape.vectorAt)
  element.setUint32(4, copy.original, true)
  element.setUint32(8, MARK, true)
  element.setBigUint64(shape.labelAt, BigInt(copy.seq), true)
  return bytes
}

/**
 * The copies in a file, from its end: by the seq of the linked vector, the seqs of those equal to it, ascending.
 * @throws Error when one points at nothing
 */
export async function readCopies(
  file: FileHandle,
  shape: SegmentShape,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const bySeq = new Map<number, number[]>()
  const copies = await findCopies(file, shape)
  const linked = shape.count - copies.length
  const seqOf = new Map<number, number>()
  for (const {seq, original} of copies) {
    if (original >= linked) throw new Error('a copy of a vector points at none')
    let originalSeq = seqOf.get(original)
    if (originalSeq === undefined) {
      const labelAt = HEADER_BYTES + original * shape.elementBytes + shape.labelAt
      originalSeq = (await readExactly(file, labelAt, 4)).getUint32(0, true)
      seqOf.set(original, originalSeq)
    }
    const equal = bySeq.get(originalSeq)
    if (equal) equal.push(seq)
    else bySeq.set(originalSeq, [seq])
  }
  for (const equal of bySeq.values()) equal.sort((a, b) => a - b)
  return bySeq
}

async function findCopies(file: FileHandle, shape: SegmentShape): Promise<VectorCopy[]> {
  const {elementBytes, labelAt} = shape
  const copies: VectorCopy[] = []
  const perWindow = Math.max(1, Math.floor(WINDOW_BYTES / elementBytes))
  for (let end = shape.count; end > 1; end -= perWindow) {
    const from = Math.max(1, end - perWindow)
    const window = await readExactly(file, HEADER_BYTES + from * elementBytes, (end - from) * elementBytes)
    for (let at = (end - from - 1) * elementBytes; at >= 0; at -= elementBytes) {
      if (window.getUint32(at, true) !== 0 || window.getUint32(at + 8, true) !== MARK) return copies
      copies.push({seq: window.getUint32(at + labelAt, true), original: window.getUint32(at + 4, true)})
    }
  }
  return copies
}

async function writeExactly(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;)
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
}
