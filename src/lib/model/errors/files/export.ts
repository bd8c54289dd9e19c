import {RagError, shorten} from '../rag-error.js'
import {usage} from '../usage.js'

/** Batches that leave a corpus, and the manifest beside them. */

const flagOf = (gathers: boolean): string => (gathers ? '--msgpack-out' : '--out')

/** Something else is in the folder. `gathers`: the folder is that of `--msgpack-out`. */
const refused = (gathers: boolean, why: string): RagError =>
  usage(
    `${why}. Nothing there was touched.`,
    `Name another folder, one that is new or empty: ${flagOf(gathers)} DIR`,
  )

export const holdsOtherFiles = (gathers: boolean, path: string): RagError =>
  refused(gathers, `${path} holds other files`)

export const manifestOfOtherProgram = (gathers: boolean, path: string): RagError =>
  refused(gathers, `${path}/manifest.json is of another program`)

export const holdsOtherExport = (gathers: boolean, path: string, found: string, wanted: string): RagError =>
  refused(gathers, `${path} holds the export of corpus "${shorten(found)}", not of "${wanted}"`)

/** A corpus of the same name was exported there. Both times are in words; `here` is absent when there is none here. */
export const holdsNamesake = (
  gathers: boolean,
  path: string,
  {name, there, here}: {readonly name: string; readonly there: string; readonly here: string | undefined},
): RagError =>
  refused(
    gathers,
    `${path} holds the export of another corpus "${name}": that one was made ${there}, ${here === undefined ? 'and there is none of that name here' : `this one ${here}`}`,
  )

/** What is there was written by the other of the two ways to write batches. */
export const holdsOtherKind = (gathers: boolean, path: string): RagError =>
  refused(
    gathers,
    gathers
      ? `${path} holds what rag export wrote`
      : `${path} holds the batches that rag ingest --msgpack-out gathers`,
  )

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

export const batchesNotWritten = ({code, message, hint, cause}: RagError): RagError =>
  new RagError(
    code,
    `The batches were not written: ${message} Everything that was ingested is safe, and leaves with the next run.`,
    {hint, cause},
  )

export const compressedLines = (): RagError =>
  usage(
    '--compress is for --format msgpack: rag ingest --jsonl reads plain lines.',
    'Leave out --compress, or --format jsonl.',
  )

/** Batches would be written into a folder that is ingested. */
export const exportInsideInput = (path: string, dir: string): RagError =>
  usage(
    `${path} holds ${dir}, which is ingested: batches would be ingested in their turn. Nothing was changed.`,
    'Name a folder beside it, or one in it: --msgpack-out DIR',
  )

/** Batches have left of a state that the corpus has not reached. */
export const olderStateRestored = (
  path: string,
  exported: number,
  {name, version}: {readonly name: string; readonly version: number},
): RagError =>
  usage(
    `The batches in ${path} go up to version ${exported} of corpus "${name}", which is at version ${version}: an older state of it was restored. Nothing was changed.`,
    'Let what comes from now on leave to a new folder: --msgpack-out DIR',
  )
