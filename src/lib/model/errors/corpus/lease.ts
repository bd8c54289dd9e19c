import {COMMITTED_IS_SAFE, GO_ON, WAIT_FOR_OTHER} from '../phrases.js'
import {RagError} from '../rag-error.js'

/** Who may write a corpus. */

export const leaseHeld = (corpus: string, holder: string): RagError =>
  new RagError('LEASE_HELD', `Corpus "${corpus}" is being written by ${holder}. Nothing was changed.`, {
    hint: WAIT_FOR_OTHER,
  })

export const leaseLost = (corpus: string): RagError =>
  new RagError(
    'LEASE_LOST',
    `Another process took over the writing of corpus "${corpus}" (this one was silent for too long). ${COMMITTED_IS_SAFE}`,
    {hint: GO_ON},
  )
