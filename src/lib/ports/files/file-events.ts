/** Tells when something changes below folders, as the operating system tells it: soon, and not always. */
export interface FileEvents {
  /** Resolves at the next change since the last call, after `ms`, or when the signal says so, whichever is first. */
  next(ms: number, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
