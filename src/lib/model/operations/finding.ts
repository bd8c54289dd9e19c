/** How bad a finding is: `error` stored data is not what it must be; `warning` something to be tidied; `info` worth knowing. */
export type Severity = 'error' | 'warning' | 'info'

/** What `rag verify` can find. */
export type FindingCode =
  | 'DATABASE_DAMAGED'
  | 'COMMITS_LOST'
  | 'ROW_DAMAGED'
  | 'REFERENCE_BROKEN'
  | 'KEYWORDS_DAMAGED'
  | 'KEYWORDS_INCOMPLETE'
  | 'KEYWORDS_STALE'
  | 'CHUNK_COUNT_WRONG'
  | 'CHUNK_ORPHANED'
  | 'CHUNK_NOT_DELETED'
  | 'TEXT_DAMAGED'
  | 'VECTOR_ORPHANED'
  | 'VECTOR_DAMAGED'
  | 'VECTORS_PENDING'
  | 'COUNTS_WRONG'
  | 'SEGMENT_ROW_WRONG'
  | 'SEGMENT_DAMAGED'
  | 'SEGMENT_DISAGREES'
  | 'SEGMENT_UNREACHABLE'
  | 'MODEL_DAMAGED'
  | 'FILE_UNREADABLE'
  | 'FILE_LEFT_OVER'
  | 'VERSION_LEFT_OVER'
  | 'DELETE_UNFINISHED'
  | 'LEASE_OF_DEAD'
  | 'FOLDER_RIGHTS'
  | 'CACHE_DAMAGED'

/** Something that `rag verify` found: what, where, how bad, and how to mend it. */
export interface Finding {
  readonly severity: Severity
  readonly code: FindingCode
  /** A file, or `corpus NAME`, or the database. */
  readonly where: string
  readonly message: string
  readonly fix: string
}

export interface VerifyOptions {
  /** Only this corpus; all when absent. */
  readonly corpus?: string | undefined
  /**
   * Share of the vectors of each segment that look for themselves in it, 0–1, and of the chunks that are looked for by their words;
   * at least 20 vectors a segment and 1,000 chunks a corpus are. Default 0.01.
   */
  readonly sample?: number | undefined
  /** Begin nothing new after so long. What was looked at longest ago comes first, so that run after run all is looked at. */
  readonly maxDurationMs?: number | undefined
  /** Mend what can be mended, from what is stored; then check again. */
  readonly repair?: boolean | undefined
  /** Go on without commits that were reported as done and are gone. */
  readonly acceptLoss?: boolean | undefined
}

export interface VerifyReport {
  /** True when no finding is an error. */
  readonly ok: boolean
  readonly findings: readonly Finding[]
  readonly checked: {
    readonly files: number
    readonly bytes: number
    readonly vectors: number
    readonly documents: number
  }
  readonly seconds: number
  /** False when time ran out, or the run was interrupted, before everything was looked at. */
  readonly complete: boolean
  readonly interrupted: boolean
  /** With `repair` and `acceptLoss`: what was done, in words. */
  readonly repaired: readonly string[]
}
