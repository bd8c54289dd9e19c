import {RagError, reasonOf, shorten} from './rag-error.js'

/** Batches of MessagePack: their bytes, their records, and their replay. */

/** `why` says what a record is not: its place is named by whoever reads the batch. */
export const badRecord = (why: string): RagError => new RagError('BAD_INPUT', why)

export const badBatch = (why: string): RagError => new RagError('BAD_INPUT', `${why}.`)

export const valueTooLarge = (offset: number, maxMebibytes: number): RagError =>
  new RagError('TOO_LARGE', `The value at byte ${offset} is larger than ${maxMebibytes} MiB.`)

export const badlyPacked = (path: string, packing: string, why: string): RagError =>
  new RagError('BAD_INPUT', `${path}: its ${packing} data are damaged or cut off (${why}).`)

/** The same, with the place of the record. */
export function atRecord(
  {record, offset}: {readonly record: number; readonly offset: number},
  error: RagError,
): RagError {
  const why = reasonOf(error)
  return new RagError(error.code, `record ${record} at byte ${offset}: ${why}${why.endsWith('.') ? '' : '.'}`)
}

export const changedWhileRead = (): RagError =>
  new RagError(
    'BAD_INPUT',
    `The file was written to while it was read; what was whole was taken in. Load it again when it is complete.`,
  )

export const recordOutOfOrder = (docId: string, ordinal: number, of: number): RagError =>
  new RagError(
    'BAD_INPUT',
    `It is chunk ${ordinal} of ${of} of document "${shorten(docId)}", and does not follow on the record before; the document is left out.`,
  )

export const documentCutOff = (docId: string, ordinal: number, of: number): RagError =>
  new RagError(
    'BAD_INPUT',
    `Document "${shorten(docId)}" breaks off after chunk ${ordinal} of ${of}; it is left out.`,
  )

export const emptyPattern = (): RagError =>
  new RagError('USAGE', 'A pattern for batches is empty.', {hint: "Name the files: --glob 'DIR/*.msgpack'"})

interface NamedFile {
  readonly path: string
}

export const exportedModelDamaged = (path: string, problem: string): RagError =>
  new RagError('BATCH_DAMAGED', `The model file ${path} can't be used: ${problem}. No vector was taken in.`, {
    hint: 'Copy the whole folder again, export again, or have the vectors made anew: rag replay --reembed',
  })

export const exportedBatchDamaged = ({path}: NamedFile, why: string): RagError =>
  new RagError(
    'BATCH_DAMAGED',
    `${path} is not as rag export wrote it: ${why}. Nothing of it was taken in.`,
    {
      hint: 'Copy it again, or export again.',
    },
  )

export const manifestUnreadable = ({path}: NamedFile): RagError =>
  new RagError(
    'BATCH_DAMAGED',
    `${path} was written by rag export, but the manifest.json beside it is no manifest of an export: it was damaged, or is of another program, so that nobody can tell whether the batch is whole. Nothing of it was taken in.`,
    {hint: 'Export again, put back the manifest from a copy, or move the batch to a folder without one.'},
  )

export const batchNotInManifest = ({path}: NamedFile, {corpus}: {readonly corpus: string}): RagError =>
  new RagError(
    'BATCH_DAMAGED',
    `${path} was written by rag export, but the manifest.json beside it, of corpus "${corpus}", does not name it: an export was cut off, or files of several were put together. Nothing of it was taken in.`,
    {hint: 'Export again, or give each export a folder of its own, with its manifest.'},
  )

/** A batch that the manifest beside it names, by a call that took the others. */
export const batchMissing = (path: string, records: number): RagError =>
  new RagError(
    'BATCH_MISSING',
    `${path}, with ${recordsOf(records)}, is named by the manifest.json beside it and is not there. The batches that are there were taken in; what its run deletes or renames is kept until it comes.`,
    {hint: PUT_BACK},
  )

/** Before anything is taken in. `more`: how many besides it. */
export const setIncomplete = (path: string, records: number, more: number): RagError =>
  new RagError(
    'BATCH_MISSING',
    `${path}, with ${recordsOf(records)}, is named by the manifest.json beside it and is not there${more > 0 ? `, nor are ${more} others` : ''}. Nothing was taken in.`,
    {hint: `${PUT_BACK} Without --strict what is there is taken.`},
  )

export const batchTooLate = (path: string, gone: string): RagError =>
  new RagError(
    'BATCH_MISSING',
    `${path} comes late: batches of later runs were taken before, and ${gone} is no longer there to be taken again after it. Nothing of it was taken in: it would put older documents in place of newer ones.`,
    {hint: `Put ${gone} back and run the same command again, or export the whole corpus anew: rag export`},
  )

const PUT_BACK =
  'Copy it from where it was exported and run the same command again, or export again: rag export'

const recordsOf = (records: number): string => `${records} ${records === 1 ? 'record' : 'records'}`

export const batchesNotWritten = ({code, message, hint, cause}: RagError): RagError =>
  new RagError(
    code,
    `The batches were not written: ${message} Everything that was ingested is safe, and leaves with the next run.`,
    {...(hint === undefined ? {} : {hint}), cause},
  )

/** The settings at the head of a batch make no corpus. */
export const exportedSettingsBad = (path: string, cause: unknown): RagError =>
  new RagError(
    'BAD_INPUT',
    `${path}: the settings in its head, of the corpus that it was exported from, are of no use: ${reasonOf(cause)} Nothing was changed.`,
  )

export const noBatchMatches = (patterns: readonly string[]): RagError =>
  new RagError('INPUT_MISSING', `No file matches ${patterns.join(', ')}. Nothing was changed.`, {
    hint: 'Put the pattern in quotes, lest the shell expands it; rag watch waits for files to come.',
  })

export const noBatchNamed = (): RagError =>
  new RagError('USAGE', 'No batch was named.', {hint: "Name them: rag replay --glob 'DIR/*.msgpack'"})
