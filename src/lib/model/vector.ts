import {badVector} from './errors/model/vector.js'

/** Labels of the vector index are unsigned 32-bit; a store refuses to hand out more. */
export const MAX_SEQ = 0xffff_ffff

/** Widest vector taken. */
export const MAX_DIMENSION = 16_384

/** Dot product of two vectors of equal length. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** Cosine of the angle between two vectors; 0 when one of them is zero. */
export function cosine(a: Float32Array, b: Float32Array): number {
  const norms = Math.sqrt(dot(a, a) * dot(b, b))
  return norms > 0 ? dot(a, b) / norms : 0
}

/**
 * Makes a vector from untrusted numbers.
 * @throws RagError BAD_VECTOR when it is not an array, is empty, or holds something that is not a finite float32
 */
export function parseVector(raw: unknown): Float32Array {
  if (!Array.isArray(raw) && !(raw instanceof Float32Array)) throw badVector('it is not an array of numbers')
  if (raw.length === 0) throw badVector('it is empty')
  if (raw.length > MAX_DIMENSION) throw badVector(`it has ${raw.length} numbers, more than ${MAX_DIMENSION}`)
  const vector = new Float32Array(raw.length)
  let norm = 0
  for (let i = 0; i < raw.length; i++) {
    const value: unknown = raw[i]
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value)))
      throw badVector(
        `its number ${i + 1} is ${typeof value === 'number' ? String(value) : `not a number but ${kindOf(value)}`}`,
      )
    vector[i] = value
    norm += vector[i]! * vector[i]!
  }
  if (norm === 0) throw badVector('all its numbers are zero')
  return vector
}

const kindOf = (value: unknown): string => (value === null ? 'null' : `of type ${typeof value}`)
