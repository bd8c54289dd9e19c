import * as z from 'zod'
import {ingestResult} from './ingest.js'
import {errorCode} from './parts/enumerations.js'
import {
  corpusName,
  embedBatchSize,
  embeddingModel,
  list,
  modelWays,
  sleepSeconds,
  waitSeconds,
  yes,
} from './parts/request-parts.js'
import * as v from './parts/values.js'
import {batchFile, batchOptions} from './replay.js'

/** Exactly one of `globs` and `dirs`. */
export const watchRequest = z.strictObject({
  corpus: corpusName,
  dirs: list('folders of documents to keep a corpus in step with'),
  ...batchOptions,
  model: embeddingModel,
  ...modelWays,
  embed_batch_size: embedBatchSize,
  sleep: sleepSeconds,
  interval: z
    .number()
    .min(0.1)
    .max(86_400)
    .optional()
    .meta({description: 'seconds between two rounds', default: 15}),
  settle: z
    .number()
    .min(0)
    .max(86_400)
    .optional()
    .meta({description: 'leave files alone that were written less than so many seconds ago', default: 2}),
  max_failures: z
    .int()
    .min(1)
    .optional()
    .meta({description: 'failures after which a batch is set aside as `NAME.failed`', default: 5}),
  notify: yes('begin a round as soon as the system reports a change, besides the interval'),
  once: yes('one round, and end'),
  wait: waitSeconds,
})

const eventNamed = <const K extends string>(kind: K): z.ZodLiteral<K> =>
  z.literal(kind).describe('what happened')

const at = v.moment('when')
const file = v.text('path of the batch')
const why = v.text('why')
const retryInMs = v.duration('when it is tried again')

const totals = {
  files: v.count('batches that were loaded since the start'),
  inserted: v.count('records that were stored'),
  skipped: v.count('records whose content was stored already'),
  duplicates: v.count('records with the content of another one'),
  failed: v.count('bad records of batches that are not whole to this day'),
}

const standing = {
  waiting: v.count('files that are there and not done'),
  set_aside: v.count('batches that were set aside'),
  missing: v.count('batches that a manifest beside the others names and that have not come'),
  lag_ms: v.duration(
    'age of the oldest batch that is there and not done; of documents, how long a change is known that could not be taken in',
  ),
  pending: z.int().min(0).nullable().describe('chunks without a vector; null before the first write'),
  last_success: z.iso
    .datetime()
    .nullable()
    .describe('when something was last done whole; null before the first write'),
}

/** What each line of `rag watch --json` can be, by its `event`. */
export const watchEvents = {
  processed: z
    .strictObject({event: eventNamed('processed'), at, ...batchFile.shape})
    .describe('a batch is in the store'),
  failed: z
    .strictObject({
      event: eventNamed('failed'),
      at,
      file,
      attempt: v.ordinal('how often it was tried'),
      retry_in_ms: v.duration('when it is tried again; 0 with `--once`'),
      message: why,
    })
    .describe('a batch could not be loaded whole'),
  'set-aside': z
    .strictObject({event: eventNamed('set-aside'), at, file, as: v.text('its name now'), message: why})
    .describe('a batch failed too often'),
  ingested: z
    .strictObject({
      event: eventNamed('ingested'),
      at,
      ...ingestResult.shape,
      renamed: z
        .array(z.strictObject({from: v.text('id before'), to: v.text('id now')}))
        .describe('documents whose file has another name now'),
    })
    .describe('documents were taken in, with `--dir`'),
  waiting: z
    .strictObject({
      event: eventNamed('waiting'),
      at,
      code: errorCode.describe('why, as a code'),
      message: why,
      retry_in_ms: retryInMs,
    })
    .describe('nothing can be done for now, and no batch is to blame'),
  note: z
    .strictObject({event: eventNamed('note'), at, message: v.text('what a person should know')})
    .describe('something a person should know'),
  status: z
    .strictObject({event: eventNamed('status'), at, ...totals, ...standing})
    .describe('how it stands, after each round'),
  stopped: z
    .strictObject({
      event: eventNamed('stopped'),
      at,
      sweeps: v.count('rounds so far'),
      ...totals,
      ...standing,
      interrupted: v.flag('a signal ended it (exit 130)'),
      error: z
        .strictObject({
          code: errorCode.describe('why, as a code'),
          message: why,
          hint: z.null().describe('always null'),
        })
        .optional()
        .describe('what kept a single round (`--once`) from doing all'),
    })
    .describe('the last line'),
}

export const watchLine = z.discriminatedUnion('event', [
  watchEvents.processed,
  watchEvents.failed,
  watchEvents['set-aside'],
  watchEvents.ingested,
  watchEvents.waiting,
  watchEvents.note,
  watchEvents.status,
  watchEvents.stopped,
])

export type WatchLine = v.Data<typeof watchLine>
export type WatchTotals = Pick<v.Data<typeof watchEvents.status>, keyof typeof totals>
export type WatchStanding = Pick<v.Data<typeof watchEvents.status>, keyof typeof standing>
