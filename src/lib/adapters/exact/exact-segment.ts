import type {VectorBlock} from '../../model/embedding.js'
import {badVector, blockMismatch, queryDimensionMismatch} from '../../model/errors/model/vector.js'
import type {Neighbour, OpenSegment} from '../../ports/vector-index.js'
import {NearestRows} from './nearest-rows.js'

/**
 * A segment that compares the query with every vector: for the tail that no index file covers, and to measure indexes by.
 * Keeps the block, which must not change. Vectors that are zero or not finite have no direction and are never found.
 * @throws RagError DIMENSION_MISMATCH when the block's numbers are not `seqs.length × dimension`
 */
export function createExactSegment(block: VectorBlock, dimension: number): OpenSegment {
  if (block.vectors.length !== block.seqs.length * dimension)
    throw blockMismatch(block.seqs.length, block.vectors.length, dimension)
  return new ExactSegment(block, dimension)
}

class ExactSegment implements OpenSegment {
  readonly #block: VectorBlock
  readonly #dimension: number
  /** 1 / length of each vector; 0 for one without a direction. */
  readonly #scales: Float64Array

  constructor(block: VectorBlock, dimension: number) {
    this.#block = block
    this.#dimension = dimension
    this.#scales = Float64Array.from(block.seqs, (_, row) => {
      const vector = block.vectors.subarray(row * dimension, (row + 1) * dimension)
      return scaleOf(dotAt(vector, vector, 0))
    })
  }

  close(): void {
    // Plain memory; it goes with the object.
  }

  seqs(): Uint32Array {
    return this.#block.seqs.slice()
  }

  vectorOf(seq: number): Float32Array | undefined {
    const row = this.#block.seqs.indexOf(seq)
    return row < 0 ? undefined : this.#block.vectors.slice(row * this.#dimension, (row + 1) * this.#dimension)
  }

  get count(): number {
    return this.#block.seqs.length
  }

  search(query: Float32Array, k: number, allow?: (seq: number) => boolean): readonly Neighbour[] {
    if (query.length !== this.#dimension) throw queryDimensionMismatch(query.length, this.#dimension)
    const queryScale = scaleOf(dotAt(query, query, 0))
    if (queryScale === 0) throw badVector('it is zero or holds a number that is not finite')
    const wanted = Math.floor(Math.min(k, this.count))
    if (!(wanted >= 1)) return []
    const nearest = new NearestRows(wanted)
    const {seqs, vectors} = this.#block
    for (let row = 0; row < seqs.length; row++) {
      const scale = this.#scales[row]!
      if (scale === 0) continue
      const cosine = dotAt(query, vectors, row * this.#dimension) * scale * queryScale
      const score = Math.min(1, Math.max(-1, cosine))
      const seq = seqs[row]!
      if (nearest.wants(score, seq) && (!allow || allow(seq))) nearest.offer(score, seq)
    }
    return nearest.sorted()
  }
}

const scaleOf = (squares: number): number =>
  squares > 0 && Number.isFinite(squares) ? 1 / Math.sqrt(squares) : 0

/**
 * Dot product of `a` with the numbers of `b` from `start`. Four sums at a time: one alone makes each addition wait for the
 * one before.
 */
function dotAt(a: Float32Array, b: Float32Array, start: number): number {
  const length = a.length
  const whole = length - (length % 4)
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[start + i]!
    s1 += a[i + 1]! * b[start + i + 1]!
    s2 += a[i + 2]! * b[start + i + 2]!
    s3 += a[i + 3]! * b[start + i + 3]!
  }
  for (let i = whole; i < length; i++) s0 += a[i]! * b[start + i]!
  return s0 + s1 + (s2 + s3)
}
