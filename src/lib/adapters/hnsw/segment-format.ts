import type {FileHandle} from 'node:fs/promises'

/** Bytes before the first element of a file written by hnswlib 0.8 on a 64-bit machine, little-endian. */
export const HEADER_BYTES = 96
export const MAX_ELEMENTS_AT = 8
export const COUNT_AT = 16
const LABEL_BYTES = 8

/** The shape of a segment file, as its header tells it. */
export interface SegmentShape {
  readonly count: number
  /** Bytes of one element: links of the lowest layer, vector, label. */
  readonly elementBytes: number
  /** Where in an element the vector and the label begin. */
  readonly vectorAt: number
  readonly labelAt: number
  /** Bytes of one upper layer's links of one element. */
  readonly layerBytes: number
  readonly maxLevel: number
  readonly fileBytes: number
}

/**
 * Reads the header of a segment file and holds it against the dimension and the file's length. The native loader does not:
 * it takes a file of another dimension and searches garbage.
 * @throws Error whose message says what is wrong
 */
export async function readShape(file: FileHandle, dimension: number): Promise<SegmentShape> {
  const fileBytes = (await file.stat()).size
  if (fileBytes < HEADER_BYTES) throw new Error(`it has ${fileBytes} bytes, less than a header`)
  const header = await readExactly(file, 0, HEADER_BYTES)
  const {vectorAt, layerBytes} = linkSizes(header)
  const labelAt = vectorAt + dimension * 4
  const elementBytes = labelAt + LABEL_BYTES
  const found = (sizeAt(header, 24) - vectorAt - LABEL_BYTES) / 4
  if (found !== dimension) throw new Error(`its vectors have ${found} dimensions instead of ${dimension}`)
  if (sizeAt(header, 32) !== labelAt) throw new Error(NOT_A_HEADER)
  const [count, maxLevel] = [sizeAt(header, COUNT_AT), header.getInt32(48, true)]
  if (sizeAt(header, MAX_ELEMENTS_AT) < count || fileBytes < HEADER_BYTES + count * (elementBytes + 4))
    throw new Error(`its ${fileBytes} bytes are too few for the ${count} vectors of its header`)
  if (count > 0 && (header.getUint32(52, true) >= count || maxLevel < 0))
    throw new Error('its entry point is none of its vectors')
  return {count, elementBytes, vectorAt, labelAt, layerBytes, maxLevel, fileBytes}
}

const NOT_A_HEADER = 'its header is not one of a vector index'
const sizeAt = (header: DataView, at: number): number => Number(header.getBigUint64(at, true))

/** From the most links an element may have: M in an upper layer, 2 M in the lowest, each 4 bytes, after their number. */
function linkSizes(header: DataView): {vectorAt: number; layerBytes: number} {
  const [maxM, maxM0, m] = [sizeAt(header, 56), sizeAt(header, 64), sizeAt(header, 72)]
  if (maxM !== m || maxM0 !== 2 * m || m < 2 || m > 10_000) throw new Error(NOT_A_HEADER)
  const vectorAt = maxM0 * 4 + 4
  if (sizeAt(header, 0) !== 0 || sizeAt(header, 40) !== vectorAt) throw new Error(NOT_A_HEADER)
  return {vectorAt, layerBytes: m * 4 + 4}
}

/**
 * Walks the upper layers' link lists, which fill the file to its last byte: notices a file that was cut short.
 * @throws Error whose message says what is wrong
 */
export async function checkUpperLayers(file: FileHandle, shape: SegmentShape): Promise<void> {
  const start = HEADER_BYTES + shape.count * shape.elementBytes
  const tail = await readExactly(file, start, shape.fileBytes - start)
  let at = 0
  let highest = 0
  for (let element = 0; element < shape.count; element++) {
    if (at + 4 > tail.byteLength) throw new Error('its upper layers are cut short')
    const bytes = tail.getUint32(at, true)
    if (bytes % shape.layerBytes !== 0) throw new Error('its upper layers are not whole')
    highest = Math.max(highest, bytes / shape.layerBytes)
    at += 4 + bytes
  }
  if (at !== tail.byteLength) throw new Error(`it has ${tail.byteLength - at} bytes too many or too few`)
  if (shape.count > 0 && highest !== shape.maxLevel) throw new Error('its layers are not those of its header')
}

/** @throws Error when the file ends before */
export async function readExactly(
  file: FileHandle,
  position: number,
  bytes: number,
): Promise<DataView<ArrayBuffer>> {
  const buffer = new Uint8Array(bytes)
  for (let at = 0; at < bytes;) {
    const {bytesRead} = await file.read(buffer, at, bytes - at, position + at)
    if (bytesRead === 0) throw new Error('it is cut short')
    at += bytesRead
  }
  return new DataView(buffer.buffer)
}
