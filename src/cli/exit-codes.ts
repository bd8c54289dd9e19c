import type {ErrorCode} from '../lib/index.js'

/** Every command did all it was asked to do; also a search without hits. */
export const EXIT_DONE = 0
/** Done in part: some inputs were skipped, and each was named. */
export const EXIT_PARTIAL = 3
/** Stored data failed an integrity check. */
export const EXIT_DAMAGED = 5
/** Interrupted, after committing what was whole. */
export const EXIT_INTERRUPTED = 130

/** The exit code of each error. Total: a new code does not compile until it has an exit. See docs/exit-codes.md. */
export const EXIT: Readonly<Record<ErrorCode, number>> = {
  USAGE: 2,
  BAD_NAME: 2,
  CONFIG_INVALID: 2,
  STORE_MISSING: 4,
  CORPUS_MISSING: 4,
  DOCUMENT_MISSING: 4,
  SESSION_MISSING: 4,
  NO_EXAMPLES: 4,
  INPUT_MISSING: 4,
  INPUT_UNREADABLE: 1,
  NOT_TEXT: 1,
  TOO_LARGE: 1,
  BAD_INPUT: 1,
  BAD_VECTOR: 1,
  BATCH_DAMAGED: 5,
  ID_TAKEN: 1,
  PRUNE_REFUSED: 1,
  STORE_UNUSABLE: 1,
  STORE_READ_ONLY: 1,
  DISK_FULL: 1,
  STORE_DAMAGED: 5,
  BACKUP_MISSING: 4,
  BACKUP_DAMAGED: 5,
  INDEX_DAMAGED: 5,
  MODEL_DAMAGED: 5,
  STORE_BUSY: 6,
  LEASE_HELD: 6,
  LEASE_LOST: 6,
  STATE_HELD: 6,
  EMBEDDER_UNREACHABLE: 7,
  EMBEDDER_REFUSED: 7,
  EMBEDDER_BAD_ANSWER: 7,
  MODEL_MISSING: 7,
  MODEL_UNUSABLE: 8,
  CHAT_UNREACHABLE: 7,
  CHAT_REFUSED: 7,
  CHAT_BAD_ANSWER: 7,
  DIMENSION_MISMATCH: 8,
  MODEL_MISMATCH: 8,
  MODEL_UNKNOWN: 8,
  NO_VECTORS: 1,
  STORE_NEWER: 8,
  NATIVE_MODULE_MISSING: 1,
  INTERRUPTED: EXIT_INTERRUPTED,
  INTERNAL: 1,
}
