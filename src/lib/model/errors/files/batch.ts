import {RagError, reasonOf, shorten} from '../rag-error.js'

/** Batches of MessagePack: their bytes and their records. */

/** `why` says what a record is not: its place is named by whoever reads the batch. */
export const badRecord = (why: string): RagError => new RagError('BAD_INPUT', why)

export const badBatch = (why: string): RagError => new RagError('BAD_INPUT', `${why}.`)

export const valueTooLarge = (offset: number, maxMebibytes: number): RagError =>
  new RagError('TOO_LARGE', `The value at byte ${offset} is larger than ${maxMebibytes} MiB.`)

export const badlyPacked = (path: string, packing: string, why: string): RagError =>
  new RagError('BAD_INPUT', `${path}: its ${packing} data are damaged or cut off (${why}).`)

export const unpacksTooMuch = (path: string, packed: number, unpacked: number, limit: string): RagError =>
  new RagError(
    'TOO_LARGE',
    `${path}: its first ${packed} bytes unpack to more than ${unpacked}, ${limit}. Records before that were taken in.`,
    {hint: 'If it is a batch of yours, unpack it first: its size as it is is not limited.'},
  )

/** A file of which so much is bad that the rest is not worth reading. */
export const tooManyFaults = (faults: number, whole: number): RagError =>
  new RagError(
    'BAD_INPUT',
    `${faults} of its records are bad, and ${whole} are whole: it was read no further. Those that are whole were taken in.`,
    {hint: 'Look at the first faults: the file may be of another kind.'},
  )

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
