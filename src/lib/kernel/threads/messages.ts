import type {Failure} from './failure.js'

/** To the thread. `id` numbers the calls of one thread. */
export type ThreadRequest =
  | {readonly kind: 'call' | 'stream'; readonly id: number; readonly name: string; readonly request: unknown}
  /** The reader of a stream has taken up a part of so many bytes. */
  | {readonly kind: 'taken'; readonly id: number; readonly bytes: number}
  /** Nobody waits for the rest of this call. */
  | {readonly kind: 'stop'; readonly id: number}
  /** End once the call in hand is done. */
  | {readonly kind: 'close'}

/** From the thread: `part`s of a stream in order; then one `done` or `failed` for every call and stream, stopped ones too. */
export type ThreadReply =
  | {readonly kind: 'part'; readonly id: number; readonly part: unknown; readonly bytes: number}
  | {readonly kind: 'done'; readonly id: number; readonly value?: unknown}
  | {readonly kind: 'failed'; readonly id: number; readonly failure: Failure}
