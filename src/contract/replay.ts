import * as z from 'zod'
import {embeddingCacheUse} from './parts/cache-use.js'
import {errorCode} from './parts/enumerations.js'
import {failure, inputFailure} from './parts/error.js'
import {
  corpusName,
  dryRun,
  embedBatchSize,
  embeddingModel,
  list,
  modelWays,
  sleepSeconds,
  waitSeconds,
  yes,
} from './parts/request-parts.js'
import * as v from './parts/values.js'

/** What every request that loads batches says of them. */
export const batchOptions = {
  globs: list('patterns of batch files: `DIR/*.msgpack`'),
  reembed: yes("make all vectors anew by the corpus's model"),
  skip_existing: yes('pass over records whose content is stored already'),
  dummy_fill: z
    .int()
    .min(1)
    .max(16_384)
    .optional()
    .describe('store zeros of this length where a vector is missing and can not be made here'),
  archive: v.text('folder to move files to that were loaded whole').optional(),
  compress: yes('with `archive`: gzip them on their way'),
  state_file: v.text('JSON array of files that are done; not read again until they change').optional(),
}

export const replayRequest = z.strictObject({
  corpus: corpusName,
  ...batchOptions,
  model: embeddingModel,
  ...modelWays,
  embed_batch_size: embedBatchSize,
  sleep: sleepSeconds,
  strict: yes('stop at the first bad record; take nothing of an export with a missing batch'),
  dry_run: dryRun,
  wait: waitSeconds,
})

const inserted = v.count('records that were stored')
const skipped = v.count('records whose content was stored already')
const duplicates = v.count('records with the content of another one of the same call')
const failed = v.count('bad records')

/** A batch after it was read. */
export const batchFile = z
  .strictObject({
    file: v.text('its path'),
    records: v.count('records read, bad ones included'),
    inserted,
    skipped,
    duplicates,
    failed,
    error: z
      .strictObject({
        code: errorCode.describe('its code'),
        message: v.text('which record, at which byte, and why'),
      })
      .optional()
      .describe('first fault of the file'),
    whole: v.flag('each record was stored, skipped or a duplicate'),
    archived_as: v.text('where it lies now, with `--archive`').optional(),
  })
  .meta({id: 'Batch'})

export const replayResult = z.strictObject({
  corpus: v.corpus,
  model: v.text('the embedding model'),
  dimension: v.count('width of its vectors'),
  dry_run: v.flag('nothing was changed'),
  files: z.array(batchFile).describe('the batches, in the order in which they were read'),
  missing: z
    .array(
      z.strictObject({
        file: v.text('where it should lie'),
        records: v.count('how many it held, by the manifest'),
      }),
    )
    .describe(
      'batches that a manifest beside the others names, that are not there and were not taken before (exit 3)',
    ),
  inserted,
  skipped,
  duplicates,
  failed,
  dummies: v.count('chunks stored with a placeholder of zeros'),
  chunks: z
    .strictObject({
      total: v.count('in the corpus now'),
      pending: v.count('without a vector'),
      dummy: v.count('with a placeholder'),
    })
    .describe('chunks of the corpus'),
  cache: embeddingCacheUse,
  checkpoints: v.count('index segments that were published'),
  seconds: v.duration('how long it took'),
  records_per_second: v.duration('records read a second'),
  failures: z.array(inputFailure).describe('every bad record and file, at most 1,000 (exit 3)'),
  notes: v.notes,
  interrupted: v.interrupted,
  error: failure.optional().describe('why vectors are missing; the exit code is its'),
})

export type BatchFileData = v.Data<typeof batchFile>
export type ReplayResult = v.Data<typeof replayResult>
