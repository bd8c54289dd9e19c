import {COMMITTED_IS_SAFE, GO_ON} from '../phrases.js'
import {RagError, reasonOf} from '../rag-error.js'

/** The model of LSA that is learned from a corpus, and its file. */

const REEMBED = 'No document is lost; run: rag verify --repair'

/** The model file does not hold what was written: `why` says what was found. */
export const learnedModelDamaged = (path: string, why: string, cause?: unknown): RagError =>
  new RagError('MODEL_DAMAGED', `The model file ${path} is damaged: ${why}.`, {hint: REEMBED, cause})

export const learnedModelMissing = (corpus: {readonly name: string}, file: string): RagError =>
  new RagError(
    'MODEL_DAMAGED',
    `The model file ${file} of corpus "${corpus.name}" is missing or has another size than was recorded.`,
    {hint: 'Mend it with: rag verify --repair'},
  )

/** The model file is whole, but its terms were made by other rules than those of this program. */
export const modelOfOtherAnalyser = (path: string, found: string, here: string): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    `The model file ${path} was learned from terms of text analysis "${found}", but this program analyses text by "${here}"; their terms can't be compared.`,
    {hint: REEMBED},
  )

/** A worker thread ended, or answered with an error that nothing foresaw. */
export const lsaWorkerStopped = (why: string, cause?: unknown): RagError =>
  new RagError('EMBEDDER_UNREACHABLE', `A worker of the LSA model stopped: ${why}. ${COMMITTED_IS_SAFE}`, {
    hint: GO_ON,
    cause,
  })

/** The learned model could not be written. */
export function learnedModelNotWritten(path: string, cause: unknown): RagError {
  const full =
    cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
  return new RagError(
    full ? 'DISK_FULL' : 'STORE_UNUSABLE',
    `The model file ${path} could not be written: ${reasonOf(cause)}. Nothing was changed.`,
    {cause},
  )
}

export const keptModelDamaged = (
  corpus: {readonly name: string},
  kept: {readonly number: number},
): RagError =>
  new RagError(
    'MODEL_DAMAGED',
    `The model file of embedding version ${kept.number} of corpus "${corpus.name}" is missing or damaged; one can't go back to it. Nothing was changed.`,
    {hint: `Learn a model anew: rag rebuild --reembed --corpus ${corpus.name}`},
  )
