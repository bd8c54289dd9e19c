import type {Place} from '../block.js'
import type {Filter, Metadata} from '../metadata.js'
import type {LineRange} from '../place.js'

export type SearchMode = 'hybrid' | 'keyword' | 'vector'

/** A search as the library takes it. */
export interface SearchRequest {
  readonly query: string
  readonly mode?: SearchMode | undefined
  /** 1–1000, default 10. */
  readonly topK?: number | undefined
  readonly filters?: readonly Filter[] | undefined
  /** Hits below it are dropped. */
  readonly minScore?: number | undefined
  /** Weight of the vector side, 0–1. */
  readonly weight?: number | undefined
  readonly fusion?: 'weighted' | 'rrf' | undefined
  /** `chunk`: each hit a chunk; `document`: each document once, by its best chunk. */
  readonly unit?: 'chunk' | 'document' | undefined
  /** Neighbouring chunks to add on either side of a hit. */
  readonly context?: number | undefined
  /**
   * Wait so long at most for the query's vector, connecting and trying again included; then keyword search answers alone, which is said. By
   * default 2,000 for a model that a service has, and as long as it takes for one in this process.
   */
  readonly embedTimeoutMs?: number | undefined
  /** `off`: cached results are neither used nor kept; `refresh`: kept, not used. Default `use`. */
  readonly cache?: CacheMode | undefined
}

export type CacheMode = 'use' | 'refresh' | 'off'

/** What caches had of an answer. */
export interface CacheUse {
  readonly retrievalHit: boolean
  /** Texts whose vectors were cached, and such that the embedder was asked for. */
  readonly embedHits: number
  readonly embedMisses: number
}

export const NO_CACHE: CacheUse = {retrievalHit: false, embedHits: 0, embedMisses: 0}

/** One side's view of a hit. Absent when that side did not score it. */
export interface SideScore {
  readonly score: number
  /** Place among that side's own candidates, from 1; absent when only the other side proposed it. */
  readonly rank?: number | undefined
}

export interface Snippet {
  readonly text: string
  /** `[start, end)` character ranges of `text` that match the query, ascending, not overlapping. */
  readonly marks: readonly (readonly [number, number])[]
}

export interface Hit {
  readonly rank: number
  readonly score: number
  readonly docId: string
  readonly chunkId: string
  readonly title: string
  readonly text: string
  readonly heading: readonly string[]
  /** First and last line of the source, when its place is a range of lines. */
  readonly lines: LineRange | undefined
  /** Where the chunk stands in its source, if that can be said. */
  readonly place: Place | undefined
  readonly metadata: Metadata
  readonly scores: {readonly keyword?: SideScore | undefined; readonly vector?: SideScore | undefined}
  readonly snippet: Snippet
  /** Present when the request asked for context: the neighbouring chunks, in order. */
  readonly context?: {readonly before: readonly string[]; readonly after: readonly string[]} | undefined
}

export interface SearchReport {
  readonly query: string
  readonly corpus: string
  readonly mode: SearchMode
  readonly hits: readonly Hit[]
  /** Candidates that were ranked, before cutting to `topK`. */
  readonly totalFound: number
  readonly tookMs: number
  readonly corpusVersion: number
  /** True when a part of the index could not be used and was scanned, or a side could not answer; `notes` says which. */
  readonly degraded: boolean
  readonly notes: readonly string[]
  readonly cache: CacheUse
  readonly explain: {
    readonly terms: readonly string[]
    readonly weight: number
    readonly fusion: 'weighted' | 'rrf'
    readonly segments: number
    readonly tail: number
    readonly pending: number
  }
}
