import {numbersOfBlock} from '../model/vector.js'
import {MAKE_ROOM, STORED_IS_SAFE} from '../phrases.js'
import {RagError, reasonOf} from '../rag-error.js'

/** Files of the vector index. */

export const indexDamaged = (path: string, why: string, cause?: unknown): RagError =>
  new RagError(
    'INDEX_DAMAGED',
    `The vector index file ${path} cannot be used: ${why}. No document is lost.`,
    {
      hint: 'Build the index again from the stored vectors with: rag rebuild',
      cause,
    },
  )

export const badSegmentVector = (seq: number, why: string): RagError =>
  new RagError(
    'BAD_VECTOR',
    `The embedding with number ${seq} cannot be indexed: ${why}. No index file was changed.`,
  )

export const badQueryVector = (why: string): RagError =>
  new RagError('BAD_VECTOR', `The query's embedding cannot be searched for: ${why}.`)

export const indexDimensionMismatch = (found: number, expected: number): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `An embedding has ${found} dimensions where the index has ${expected}: they come from different models.`,
    {hint: 'Embed all documents with one model: rag rebuild --reembed'},
  )

export const indexBlockMismatch = (numbers: number, vectors: number, dimension: number): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `${numbersOfBlock(vectors, numbers, dimension)} No index file was changed.`,
  )

export const indexModuleMissing = (cause: unknown): RagError =>
  new RagError(
    'NATIVE_MODULE_MISSING',
    `The native module hnswlib-node cannot be loaded: ${reasonOf(cause)}`,
    {
      hint: 'Build it for this machine with: npm rebuild hnswlib-node',
      cause,
    },
  )

export const segmentNotWritten = (path: string, why: string, freeBytes: number | undefined): RagError =>
  freeBytes !== undefined && freeBytes < SCARCE_BYTES
    ? new RagError(
        'DISK_FULL',
        `There is no room left on the disk for the vector index file ${path} (${(freeBytes / 1e6).toFixed(1)} MB free). ${STORED_IS_SAFE}`,
        {hint: MAKE_ROOM},
      )
    : new RagError(
        'STORE_UNUSABLE',
        `The vector index file ${path} could not be written: ${why}. ${STORED_IS_SAFE}`,
      )

/** With less room than this, an incomplete file is put down to a full disk. The native writer does not say. */
const SCARCE_BYTES = 8 << 20

export const indexBuildFailed = (path: string, why: string, cause?: unknown): RagError =>
  new RagError('INTERNAL', `Building the vector index file ${path} failed: ${why}. ${STORED_IS_SAFE}`, {
    cause,
  })
