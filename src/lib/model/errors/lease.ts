import {RagError} from './rag-error.js'

/** Who may write a corpus. */

export const leaseHeld = (corpus: string, holder: string): RagError =>
  new RagError('LEASE_HELD', `Corpus "${corpus}" is being written by ${holder}. Nothing was changed.`, {
    hint: 'Try again later, or let this command wait: --wait SECONDS',
  })

export const leaseLost = (corpus: string): RagError =>
  new RagError(
    'LEASE_LOST',
    `Another process took over the writing of corpus "${corpus}" (this one was silent for too long). What was committed before is safe.`,
    {hint: 'Run the same command again; it goes on where it stopped.'},
  )
