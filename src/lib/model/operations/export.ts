/** What to take out of a corpus, and how. */
export interface ExportRequest {
  readonly corpus: string
  /** A folder that is new, empty, or holds an earlier export. */
  readonly dir: string
  /** `msgpack` (default) keeps everything; `jsonl` is for `rag ingest --jsonl`, and for others. */
  readonly format?: 'msgpack' | 'jsonl' | undefined
  /** Most records a file, default 10,000; a document is never divided. */
  readonly maxRecords?: number | undefined
  /** Only documents that changed after this version of the corpus, and the names of those that were deleted since. */
  readonly since?: number | undefined
  readonly compress?: 'gzip' | 'zstd' | undefined
  /** Leave the vectors out. */
  readonly noVectors?: boolean | undefined
}

export interface ExportReport {
  readonly corpus: string
  readonly corpusVersion: number
  readonly dir: string
  readonly format: 'msgpack' | 'jsonl'
  readonly files: readonly {readonly file: string; readonly records: number; readonly sizeBytes: number}[]
  readonly documents: number
  readonly records: number
  /** Documents that were deleted since, with `since`. */
  readonly deleted: number
  readonly vectors: number
  readonly model: string
  readonly dimension: number
  readonly bytes: number
  readonly seconds: number
}
