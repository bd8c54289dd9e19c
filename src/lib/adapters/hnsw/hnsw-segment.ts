import {badQueryVector, indexDimensionMismatch} from '../../model/errors/store/index-files.js'
import type {HierarchicalNSW} from 'hnswlib-node'
import type {Neighbour, OpenSegment} from '../../ports/vector-index.js'
import {releaseIndex} from './native-index.js'

/** What a segment is made of. `copies`: by the seq of a linked vector, the seqs of those equal to it. */
export interface HnswSegmentParts {
  readonly index: HierarchicalNSW
  readonly dimension: number
  readonly count: number
  readonly copies: ReadonlyMap<number, readonly number[]>
  /** Candidates that a search considers, whatever its `k`; at least 2 `k`. */
  readonly leastEf: number
}

/** A loaded hnswlib index. */
export class HnswSegment implements OpenSegment {
  readonly count: number
  readonly #index: HierarchicalNSW
  readonly #dimension: number
  readonly #leastEf: number
  readonly #copies: ReadonlyMap<number, readonly number[]>
  /** Vectors that a search can reach. */
  readonly #linked: number

  constructor({index, dimension, count, copies, leastEf}: HnswSegmentParts) {
    this.#index = index
    this.#dimension = dimension
    this.#copies = copies
    this.#leastEf = leastEf
    this.count = count
    this.#linked = [...copies.values()].reduce((left, equal) => left - equal.length, count)
  }

  /** @throws RagError DIMENSION_MISMATCH | BAD_VECTOR for the query; what `allow` throws, after the native search */
  search(query: Float32Array, k: number, allow?: (seq: number) => boolean): readonly Neighbour[] {
    const point = this.#unitPoint(query)
    const wanted = Math.floor(Math.min(k, this.count))
    if (!(wanted >= 1)) return []
    const nearest = Math.min(wanted, this.#linked)
    this.#index.setEf(Math.max(this.#leastEf, 2 * nearest))
    const found = this.#searchNative(point, nearest, allow)
    const neighbours: Neighbour[] = []
    for (const [place, seq] of found.neighbors.entries()) {
      const score = Math.min(1, Math.max(-1, 1 - found.distances[place]!))
      if (!allow || allow(seq)) neighbours.push({seq, score})
      for (const copy of this.#copies.get(seq) ?? [])
        if (!allow || allow(copy)) neighbours.push({seq: copy, score})
    }
    return neighbours.sort((a, b) => b.score - a.score || a.seq - b.seq).slice(0, wanted)
  }

  seqs(): Uint32Array {
    return this.count === 0 ? new Uint32Array() : Uint32Array.from(this.#index.getIdsList())
  }

  vectorOf(seq: number): Float32Array | undefined {
    if (this.count === 0) return undefined
    try {
      return Float32Array.from(this.#index.getPoint(seq))
    } catch {
      return undefined // The native call knows no other way to say so.
    }
  }

  close(): void {
    releaseIndex(this.#index)
  }

  /**
   * With a filter the native search goes on until it has `ef` allowed candidates or has seen all that can be reached, so
   * that asking again with a larger `ef` finds nothing more. An exception must not cross the native code.
   */
  #searchNative(
    point: number[],
    nearest: number,
    allow?: (seq: number) => boolean,
  ): {distances: number[]; neighbors: number[]} {
    if (!allow) return this.#index.searchKnn(point, nearest)
    let thrown: {error: unknown} | undefined
    const found = this.#index.searchKnn(point, nearest, (seq) => {
      if (thrown) return true
      try {
        return allow(seq) || (this.#copies.get(seq)?.some(allow) ?? false)
      } catch (error) {
        thrown = {error}
        return true
      }
    })
    if (thrown) throw thrown.error
    return found
  }

  /** Of length 1, in double precision, as a true array: the native call takes no other. */
  #unitPoint(query: Float32Array): number[] {
    if (query.length !== this.#dimension) throw indexDimensionMismatch(query.length, this.#dimension)
    let squares = 0
    for (const value of query) squares += value * value
    if (!Number.isFinite(squares)) throw badQueryVector('it holds a number that is not finite')
    if (squares === 0) throw badQueryVector('all its numbers are zero')
    const scale = 1 / Math.sqrt(squares)
    return Array.from(query, (value) => value * scale)
  }
}
