import {decodeHeader} from '../../codec/decode-record.js'
import {readBatchGroups} from '../../codec/read-batch.js'
import {nextTurn} from '../../kernel/next-turn.js'
import {scanInterrupted} from '../../model/errors/program/interruption.js'
import {LIMITS} from '../../model/input/limits.js'
import type {BatchHeader} from '../../model/batch-record.js'
import type {BatchFile} from '../../ports/files/batch-files.js'

/** What a file holds, found by going through it without keeping a record. */
export interface BatchScan {
  /** Of each batch in the file, by its number: the header may stand after the records. */
  readonly headers: ReadonlyMap<number, BatchHeader>
  readonly records: number
}

/** So much is bad that the rest is not worth reading. */
export const isHopeless = ({records, failed}: {readonly records: number; readonly failed: number}): boolean =>
  failed >= LIMITS.mostFaults || (failed >= LIMITS.faults && failed > records - failed)

/** Headers of so many batches in one file are kept; records of later ones go without. */
export const MAX_HEADERS = 10_000

/** Groups of records that are only counted: a turn of the event loop after each would cost more than they do. */
const TURN_GROUPS = 256

export async function scanBatch(file: Pick<BatchFile, 'read'>, signal?: AbortSignal): Promise<BatchScan> {
  const headers = new Map<number, BatchHeader>()
  let records = 0
  let failed = 0
  let sinceTurn = 0
  for await (const items of readBatchGroups(file.read(signal), {withoutRecords: true})) {
    if (++sinceTurn === TURN_GROUPS) {
      sinceTurn = 0
      await nextTurn()
      if (signal?.aborted) throw scanInterrupted()
    }
    for (const item of items) {
      if (item.kind === 'record') records++
      if (item.kind === 'fault') failed++
      if (item.kind === 'header' && headers.size < MAX_HEADERS)
        headers.set(item.batch, decodeHeader(item.fields))
    }
    if (isHopeless({records: records + failed, failed})) break
  }
  return {headers, records}
}

/**
 * The header of the first batch of a file. When it stands before the records no more of the file is read; else, and of a packed file,
 * which may be damaged further on, all of it.
 */
export async function firstHeader(
  file: Pick<BatchFile, 'read' | 'isPacked'>,
  signal?: AbortSignal,
): Promise<BatchHeader | undefined> {
  if (!(await file.isPacked()))
    for await (const [item] of readBatchGroups(file.read(signal), {withoutRecords: true})) {
      if (item?.kind !== 'start' || !item.fields) break
      if (item.fields.size > 0) return decodeHeader(item.fields)
    }
  const {headers} = await scanBatch(file, signal)
  const [first] = headers.values()
  return first
}
