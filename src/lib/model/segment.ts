/** A write-once file as the store knows it. `file` is relative to the folder of its kind. */
export interface SealedFile {
  readonly file: string
  readonly sizeBytes: number
  /** Lower-case hex SHA-256 of the whole file. */
  readonly sha256: string
}

/** A published piece of a corpus's vector index: the vectors of `[firstSeq, lastSeq]` that were live when it was built. */
export interface Segment extends SealedFile {
  readonly id: number
  readonly versionId: number
  readonly firstSeq: number
  readonly lastSeq: number
  readonly dimension: number
  readonly count: number
  readonly createdAtMs: number
}

export type NewSegment = Omit<Segment, 'id' | 'createdAtMs'>
