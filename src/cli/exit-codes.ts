/** What a command ends with when nothing was thrown. The exit code of an error: `exitOf`. See docs/exit-codes.md. */

/** Every command did all it was asked to do; also a search without hits. */
export const EXIT_DONE = 0
/** Done in part: some inputs were skipped, and each was named. */
export const EXIT_PARTIAL = 3
/** Stored data failed an integrity check. */
export const EXIT_DAMAGED = 5
/** Interrupted, after committing what was whole. */
export const EXIT_INTERRUPTED = 130
