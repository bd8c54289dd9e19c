import type {VectorBlock} from '../../src/lib/model/embedding.js'

/** Vectors as an embedder makes them: most near one of some topics, the rest anywhere, few directions of much weight. */
export class SeededVectors {
  readonly #topics: readonly Float32Array[]
  readonly #dimension: number
  #state: number

  constructor(dimension: number, seed = 1, topics = 40) {
    this.#dimension = dimension
    this.#state = seed
    this.#topics = Array.from({length: topics}, () => this.#spread(1))
  }

  next(): Float32Array {
    const vector = this.#spread(0.5 + this.#random())
    const topic =
      this.#random() < 0.2 ? undefined : this.#topics[Math.floor(this.#random() * this.#topics.length)]
    return vector.map((value, i) => value + (topic?.[i] ?? 0))
  }

  /** `count` vectors with the seqs from `firstSeq` on, `step` apart. */
  block(count: number, firstSeq = 1, step = 1): VectorBlock {
    return blockOf(
      Array.from({length: count}, () => this.next()),
      firstSeq,
      step,
    )
  }

  /** Mulberry32. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  #spread(width: number): Float32Array {
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random())
    return Float32Array.from({length: this.#dimension}, (_, i) => (width * normal()) / (i + 1) ** 0.4)
  }
}

/** Lays vectors out as a block with the seqs from `firstSeq` on, `step` apart. */
export function blockOf(vectors: readonly Float32Array[], firstSeq = 1, step = 1): VectorBlock {
  const dimension = vectors[0]?.length ?? 0
  const all = new Float32Array(vectors.length * dimension)
  for (const [row, vector] of vectors.entries()) all.set(vector, row * dimension)
  return {seqs: Uint32Array.from(vectors, (_, row) => firstSeq + row * step), vectors: all}
}

/** A block with memory of its own, for a call that takes memory over. */
export const copyOfBlock = ({seqs, vectors}: VectorBlock): VectorBlock => ({
  seqs: seqs.slice(),
  vectors: vectors.slice(),
})
