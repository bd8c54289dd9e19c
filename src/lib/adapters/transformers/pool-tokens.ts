export interface PoolOptions {
  readonly dimension: number
  /** Tokens of each row that count; what follows is padding. */
  readonly lengths: readonly number[]
  /** Tokens of a row, padding included. */
  readonly width: number
  readonly pooling: 'mean' | 'cls'
  readonly normalize: boolean
}

/**
 * Makes one vector a row of the vectors of its tokens (`rows × width × dimension` numbers): their mean, or the first. Normalised ones have
 * length 1. As described in "Sentence-BERT" (Reimers & Gurevych, 2019).
 */
export function poolTokens(tokens: Float32Array, options: PoolOptions): Float32Array {
  const {dimension, lengths, width, pooling, normalize} = options
  const vectors = new Float32Array(lengths.length * dimension)
  for (const [row, length] of lengths.entries()) {
    const start = row * width * dimension
    const count = pooling === 'cls' ? 1 : length
    for (let d = 0; d < dimension; d++) {
      let sum = 0
      for (let t = 0; t < count; t++) sum += tokens[start + t * dimension + d]!
      vectors[row * dimension + d] = sum / count
    }
    if (normalize) makeUnit(vectors.subarray(row * dimension, (row + 1) * dimension))
  }
  return vectors
}

function makeUnit(vector: Float32Array): void {
  const length = Math.hypot(...vector)
  if (length > 0) for (const [i, value] of vector.entries()) vector[i] = value / length
}
