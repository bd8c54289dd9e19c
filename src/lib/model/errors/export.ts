import {RagError} from './rag-error.js'

/** Batches that leave a corpus, and the manifest beside them. */

const flagOf = (gathers: boolean): string => (gathers ? '--msgpack-out' : '--out')

/** `gathers`: the folder is that of `--msgpack-out`. */
export const exportRefused = (gathers: boolean, why: string): RagError =>
  new RagError('USAGE', `${why}. Nothing there was touched.`, {
    hint: `Name another folder, one that is new or empty: ${flagOf(gathers)} DIR`,
  })

export const exportPlaceDamaged = (gathers: boolean, path: string): RagError =>
  new RagError(
    'BATCH_DAMAGED',
    `${path}/manifest.json is not as rag wrote it, so that nobody can tell whose batches ${path} holds. Nothing there was touched.`,
    {
      hint: `Name another folder (${flagOf(gathers)} DIR), or put back the manifest from a copy; if nobody needs what is there, remove the folder.`,
    },
  )

/** A field of a manifest that is not what it should be: `wanted` says what. */
export interface ManifestFault {
  readonly field: string
  readonly wanted: string
}

export function exportManifestDamaged(path: string, fault?: ManifestFault): RagError {
  const why = fault ? `: "${fault.field}" is not ${fault.wanted}` : ''
  return new RagError('BATCH_DAMAGED', `${path} is not as rag export wrote it${why}. Nothing was taken in.`, {
    hint: 'Copy the whole folder again, or export again.',
  })
}

export const exportNewer = (path: string, found: number): RagError =>
  new RagError(
    'STORE_NEWER',
    `${path} has format ${found}; this version of rag knows format 1. Nothing was taken in.`,
    {hint: 'Install the newer rag that wrote it.'},
  )

export const nothingSince = (corpus: string, version: number, since: number): RagError =>
  new RagError(
    'USAGE',
    `Corpus "${corpus}" is at version ${version}; there is nothing since version ${since}. Nothing was written.`,
  )

export const deletionsForgotten = (corpus: string, since: number): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    `What was deleted from "${corpus}" since version ${since} can't be told any more: documents were removed for good after it. Nothing was written.`,
    {hint: 'Export the whole corpus: leave --since out.'},
  )
