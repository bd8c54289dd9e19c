import type {StreamPart} from '../../kernel/threads/service.js'
import type {PackedItems} from './pack-items.js'
import type {Headers, ReadRules} from './read-records.js'

/** What the thread that reads batches is asked for: one opened file. */
export interface ReadingRequest {
  readonly file: {
    readonly path: string
    readonly absolutePath: string
    readonly descriptor: number
  }
  readonly rules: ReadRules
  readonly chunker: {readonly size: number; readonly overlap: number}
  /** Fingerprint of the analyser: terms of another must not get into the corpus. */
  readonly analyser: string
  /** One number, of both threads: 1 while preparing ahead is of use. */
  readonly wanted: SharedArrayBuffer
}

/** A `ReadEvent` on its way between the threads. */
export type ReadingPart =
  | {readonly kind: 'headers'; readonly headers: Headers; readonly expected: number}
  | {readonly kind: 'items'; readonly packed: PackedItems}

export type ReadingService = {
  readonly read: (request: ReadingRequest, signal: AbortSignal) => AsyncIterable<StreamPart<ReadingPart>>
}
