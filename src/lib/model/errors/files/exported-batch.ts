import {RagError, reasonOf} from '../rag-error.js'

/** Batches that rag export wrote, when they are replayed. */

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

/** The settings at the head of a batch make no corpus. */
export const exportedSettingsBad = (path: string, cause: unknown): RagError =>
  new RagError(
    'BAD_INPUT',
    `${path}: the settings in its head, of the corpus that it was exported from, are of no use: ${reasonOf(cause)} Nothing was changed.`,
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
  'Copy it from where it was exported and run the same command again, or export again (rag export).'

const recordsOf = (records: number): string => `${records} ${records === 1 ? 'record' : 'records'}`
