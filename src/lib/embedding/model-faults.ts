import {RagError} from '../model/errors.js'

/** Faults of a model or its service, as against those of the store: what was committed before stays, the rest is pending. */
const MODEL_FAULTS: ReadonlySet<string> = new Set([
  'EMBEDDER_UNREACHABLE',
  'EMBEDDER_REFUSED',
  'EMBEDDER_BAD_ANSWER',
  'MODEL_MISSING',
  'MODEL_UNUSABLE',
  'MODEL_MISMATCH',
  'NATIVE_MODULE_MISSING',
])

export function isModelFault(error: unknown): error is RagError {
  return error instanceof RagError && MODEL_FAULTS.has(error.code)
}
