import type {ErrorCode} from '../../model/errors.js'

/** To the thread. `run` numbers what it was asked for, so that messages of what is given up are passed over. */
export type StreamRequest =
  | {readonly kind: 'start'; readonly run: number; readonly request: unknown}
  /** A part was taken up, of so many bytes. */
  | {readonly kind: 'taken'; readonly run: number; readonly bytes: number}
  | {readonly kind: 'stop'; readonly run: number}

/** From the thread: parts in order, then `end` or `failed`, one of which comes of every run, stopped ones too. */
export type StreamReply =
  | {readonly kind: 'part'; readonly run: number; readonly part: unknown; readonly bytes: number}
  | {readonly kind: 'end'; readonly run: number}
  | ({readonly kind: 'failed'; readonly run: number} & StreamFailure)

/** An error on its way between threads, which would lose its class. */
export interface StreamFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly cause?: string
}
