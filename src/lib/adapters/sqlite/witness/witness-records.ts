import {createHash} from 'node:crypto'
import type {LogFrames} from './log-frames.js'
import type {PageSum} from './log-pages.js'

/** Of the store as a whole: the commit of that number was reported. */
export interface CommitRecord {
  /** Which store: 32 hex digits. */
  readonly store: string
  readonly number: number
}

/** Of one corpus: so many commits of it were reported. For the message about a loss. */
export interface CorpusRecord extends CommitRecord {
  readonly corpusId: number
  readonly corpus: string
}

/** A log of which the first frames are being copied to the database, and what some pages hold afterwards. */
export interface CopiedLog extends LogFrames {
  readonly pageBytes: number
  readonly pages: readonly PageSum[]
}

/** The log is being copied to the database, which is whole only with it; undefined `copying`: it is not. */
export interface CopyRecord extends Omit<CommitRecord, 'number'> {
  readonly copying?: CopiedLog | undefined
}

type WitnessRecord = CommitRecord | CorpusRecord | CopyRecord

/** A sector: written whole or not at all. */
export const RECORD_BYTES = 512

/** Several, so that of two processes the slower one doesn't write over what the quicker one has just written. */
export const SLOTS = 8

/** Where the record of a commit stands: after it come those of the seven before. */
export const slotOffset = (number: number): number => (number % SLOTS) * RECORD_BYTES

/** Behind the slots: whether the log is being copied. */
export const COPY_OFFSET = SLOTS * RECORD_BYTES

/** Behind that, one a corpus. */
export const CORPORA_OFFSET = COPY_OFFSET + RECORD_BYTES
export const corpusOffset = (corpusId: number): number => CORPORA_OFFSET + (corpusId - 1) * RECORD_BYTES

/** A record as a line of text: 16 hex digits of a checksum, JSON, spaces. */
export function encodeRecord(record: WitnessRecord): Buffer {
  const json = JSON.stringify(record)
  return Buffer.from(`${checksum(json)} ${json}`.padEnd(RECORD_BYTES - 1) + '\n')
}

/** Reads a record; undefined for anything that is not a whole one. */
export function decodeRecord(bytes: Uint8Array): WitnessRecord | undefined {
  const text = Buffer.from(bytes).toString('latin1').trimEnd()
  const json = text.slice(17)
  if (json === '' || text.slice(0, 17) !== `${checksum(json)} `) return undefined
  return JSON.parse(json) as WitnessRecord
}

export function isOfCommit(record: WitnessRecord | undefined): record is CommitRecord | CorpusRecord {
  return record !== undefined && 'number' in record
}

export function isOfCorpus(record: WitnessRecord | undefined): record is CorpusRecord {
  return record !== undefined && 'corpusId' in record
}

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
