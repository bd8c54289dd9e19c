import {RagError} from '../model/errors.js'

/** Faults that pass by themselves, or by someone else's doing: whoever watches waits, and no file is to blame. */
const PASSING: ReadonlySet<string> = new Set([
  'LEASE_HELD',
  'LEASE_LOST',
  'STORE_BUSY',
  'DISK_FULL',
  'EMBEDDER_UNREACHABLE',
  'EMBEDDER_REFUSED',
  'EMBEDDER_BAD_ANSWER',
  'MODEL_MISSING',
  'MODEL_UNUSABLE',
  'PRUNE_REFUSED',
  'INPUT_MISSING',
  'INPUT_UNREADABLE',
])

export function isPassing(error: unknown): error is RagError {
  return error instanceof RagError && PASSING.has(error.code)
}
