/** Where examples are to be written. */
export interface ExampleTarget {
  readonly format: 'jsonl' | 'msgpack'
  /** Absent: kept aside until `read`, under no name of the user's. */
  readonly path?: string | undefined
}

/** Files that appear together or not at all. */
export interface ExampleFiles {
  /**
   * Looks whether all targets can be written, and begins them under temporary names beside them. A file that is there may be replaced when
   * it is empty, holds examples of an earlier call, or with `force`.
   * @throws RagError USAGE (it holds other things, is a folder or device, or stands twice) | INPUT_MISSING (its folder) |
   * STORE_READ_ONLY | DISK_FULL | STORE_UNUSABLE; nothing was made then
   */
  stage(
    targets: readonly ExampleTarget[],
    options: {readonly force: boolean},
  ): Promise<readonly StagedExamples[]>
  /**
   * Makes all of them durable and puts them in place, the last one first. When one can't be, those that were are as they were before.
   * @throws RagError DISK_FULL | STORE_READ_ONLY | STORE_UNUSABLE
   */
  publish(staged: readonly StagedExamples[]): Promise<readonly PublishedExamples[]>
  /** Throws away what was not published; never fails. */
  discard(staged: readonly StagedExamples[]): Promise<void>
}

export interface StagedExamples {
  readonly target: ExampleTarget
  /** @throws RagError DISK_FULL | STORE_UNUSABLE */
  append(bytes: Uint8Array): Promise<void>
  /** Writes over the first bytes. */
  rewriteHead(bytes: Uint8Array): Promise<void>
  /** All bytes written so far, from the start. */
  read(): AsyncIterable<Uint8Array>
}

export interface PublishedExamples {
  /** Absolute; absent for a target without a path. */
  readonly file?: string | undefined
  readonly sizeBytes: number
  /** Lower-case hex. */
  readonly sha256: string
}
