/** For whom a process uses a file. */
export interface FileOwner {
  /** Processes of one owner share a file; those of different ones keep each other out. */
  readonly key: string
  /** For people: `corpus "a" in /srv/data`. */
  readonly name: string
}

/**
 * Who uses a file that only one owner at a time may: a lock file beside it says so, not the file itself. It is about files outside the
 * store, whichever store that is.
 */
export interface FileUsers {
  /**
   * Takes the file for an owner until `release` is called, or the process dies, however it dies: a dead process of this host holds
   * nothing, one of another host only as long as it is heard of. @throws RagError STATE_HELD, naming who has it | STORE_UNUSABLE
   */
  take(path: string, owner: FileOwner): Promise<{release(): void}>
}
