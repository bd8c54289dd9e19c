import type {VectorBlock} from '../../../model/embedding.js'

/** A vector as stored: little-endian float32. */
export function vectorToBytes(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
}

/** A stored vector; the bytes are copied when they don't lie on a float's boundary. */
export function bytesToVector(bytes: Uint8Array): Float32Array {
  if (bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  return new Float32Array(bytes.slice().buffer)
}

/** Stored vectors in hexadecimal digits, as a block. */
export function textsToBlock(
  rows: readonly {readonly seq: number; readonly vector: string}[],
  dimension: number,
): VectorBlock {
  const vectors = new Float32Array(rows.length * dimension)
  const bytes = vectorToBytes(vectors)
  rows.forEach((row, i) => bytes.write(row.vector, i * dimension * 4, 'hex'))
  return {seqs: Uint32Array.from(rows, (row) => row.seq), vectors}
}
