import type {RagError} from '../rag-error.js'
import {usage} from '../usage.js'

/** Ways to rebuild that do not go together, and what is not there to go back to. */

export const rollbackAlone = (): RagError =>
  usage(
    '--rollback goes back to what was kept, and takes none of the other ways to rebuild.',
    'Try: rag rebuild --rollback',
  )

export const compactAlone = (): RagError =>
  usage(
    '--compact merges index segments and embeds nothing; it goes with no other way to rebuild.',
    'Try: rag rebuild --compact',
  )

export const onlyMissingKeepsVectors = (): RagError =>
  usage(
    '--only-missing adds to the vectors in use; --keep-old and --model need new ones.',
    'Try: rag rebuild --only-missing   or: rag rebuild --reembed --keep-old',
  )

export const needsReembed = (): RagError =>
  usage('--model and --keep-old are of use with --reembed only.', 'Try: rag rebuild --reembed --keep-old')

export const nothingKept = (corpus: string): RagError =>
  usage(
    `No earlier embedding version of corpus "${corpus}" is kept. Nothing was changed.`,
    'rag rebuild --reembed --keep-old keeps the one that it replaces.',
  )
