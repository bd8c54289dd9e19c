import type {ErrorCode} from '../../model/errors.js'
import type {VectorBlock} from '../../model/embedding.js'
import type {SegmentPlan} from './segment-writer.js'

/** To the worker. `build` numbers the builds of one worker, so that messages of a failed one are passed over. */
export type BuildRequest =
  | {readonly kind: 'start'; readonly build: number; readonly plan: SegmentPlan}
  | {readonly kind: 'add'; readonly build: number; readonly block: VectorBlock}
  | {readonly kind: 'finish'; readonly build: number}

/** From the worker: one for each request, in order, until a build has failed. */
export type BuildReply =
  | {readonly kind: 'started'; readonly build: number}
  | {readonly kind: 'added'; readonly build: number; readonly bytes: number}
  | {readonly kind: 'finished'; readonly build: number; readonly count: number}
  | ({readonly kind: 'failed'; readonly build: number} & BuildFailure)

/** A `RagError` on its way between threads, which would lose its class. */
export interface BuildFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly cause?: string
}
