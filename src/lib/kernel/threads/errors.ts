import {RagError} from '../../model/errors.js'

/** A worker thread ended while its work was wanted. */
export const threadEnded = (what: string, why: string, cause?: unknown): RagError =>
  new RagError('INTERNAL', `${what} stopped: ${why}. What was committed before is safe.`, {
    hint: 'Run the same command again; it goes on where it stopped. RAG_MAX_WORKERS=1 does without the thread.',
    cause,
  })
