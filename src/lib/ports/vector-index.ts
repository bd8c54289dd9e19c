import type {VectorBlock} from '../model/embedding.js'
import type {Segment} from '../model/segment.js'

export interface Neighbour {
  readonly seq: number
  /** Cosine similarity as the index computed it; exact scores come from the store. */
  readonly score: number
}

/** A loaded, immutable segment. */
export interface OpenSegment {
  /**
   * Up to `k` nearest by cosine, best first, among those that `allow` lets through (all when absent).
   * `allow` is called from inside the search and must be quick and must not throw.
   */
  search(query: Float32Array, k: number, allow?: (seq: number) => boolean): readonly Neighbour[]
  readonly count: number
  /** The seqs that it holds, in no order. */
  seqs(): Uint32Array
  /** The vector of a seq as the segment holds it, of whatever length; undefined when it holds none. For verification. */
  vectorOf(seq: number): Float32Array | undefined
  /** Gives its memory back; it is not searched afterwards. */
  close(): void
}

/** Loads segments. Callers have checked size and SHA-256 of the file before. */
export interface SegmentLoader {
  /** @throws RagError INDEX_DAMAGED when the file does not hold what the row says (dimension, count, format) */
  open(path: string, row: Pick<Segment, 'dimension' | 'count' | 'file'>): Promise<OpenSegment>
}

export interface SegmentSpec {
  readonly path: string
  readonly dimension: number
  /** Most vectors that will be added. */
  readonly capacity: number
}

/** A segment being built away from the main thread. */
export interface SegmentBuild {
  /** Takes over the block's memory. Resolves when there is room for more, so that a slow build slows the feeder. */
  add(block: VectorBlock): Promise<void>
  /** Writes the file to `spec.path` (not yet durable). */
  finish(): Promise<{count: number}>
  abort(): Promise<void>
}

/** Builds segments in worker threads, at most `concurrency` at a time. Same vectors in the same order give the same bytes. */
export interface SegmentBuilder {
  readonly concurrency: number
  start(spec: SegmentSpec): Promise<SegmentBuild>
  close(): Promise<void>
}
