import * as z from 'zod'
import {embeddingCacheUse} from './parts/cache-use.js'
import {failure, inputFailure, inputFault} from './parts/error.js'
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

/** At least one of `dirs`, `files`, `jsonl` and `doc_id`. */
export const ingestRequest = z.strictObject({
  corpus: corpusName,
  dirs: list('folders to ingest'),
  files: list('files to ingest'),
  jsonl: v.text('file of JSON Lines of documents; `-`: standard input').optional(),
  doc_id: v.text('id of the document on standard input').optional(),
  id_prefix: v.text('put before each document id, such as `handbook/`').optional(),
  model: embeddingModel,
  ...modelWays,
  types: list('read only these types: `txt`, `md`, `json`, …'),
  include: list('read only paths that match one of these globs'),
  exclude: list('leave out paths that match one of these globs'),
  no_ignore: yes('read also what `.gitignore` and `.ragignore` leave out'),
  max_file_size: z
    .int()
    .min(1)
    .optional()
    .meta({description: 'leave out files of more bytes', default: 64 * 1024 ** 2}),
  chunk_size: z.int().min(1).optional().describe('tokens a chunk; kept with the corpus'),
  chunk_overlap: z
    .int()
    .min(0)
    .optional()
    .describe('tokens that a chunk repeats of the one before; kept with the corpus'),
  batch_size: z.int().min(1).optional().meta({description: 'documents a commit', default: 100}),
  embed_batch_size: embedBatchSize,
  force: yes('read, cut and embed everything anew, changed or not'),
  checksum: yes('hash every file instead of trusting its size and time'),
  prune: yes('delete documents of these folders whose file is gone or left out now'),
  dry_run: dryRun,
  msgpack_out: v.text('folder into which what is embedded also leaves as batches').optional(),
  text_only: yes('make it searchable by keyword and leave the vectors for later'),
  no_cache: yes('make vectors anew that are cached'),
  no_refit: yes('do not fit the model anew, however much the corpus has grown'),
  sleep: sleepSeconds,
  language: v.text('language of all documents, such as `en`; default: detected').optional(),
  weight: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('weight of vectors in hybrid search; kept with the corpus'),
  wait: waitSeconds,
})

const failed = z.array(inputFailure).describe('what could not be read, with the reason (exit 3)')
const ignored = z
  .record(z.string(), z.int().min(0))
  .describe('files of types that are not read, by extension')

/** What left as batches. */
export const batchesOut = z
  .strictObject({
    dir: v.text('the folder'),
    run: z
      .int()
      .min(1)
      .nullable()
      .describe(
        'number of the run in the folder; null when there was nothing to write, or the run was stopped',
      ),
    files: z.array(v.writtenFile).describe('the files of this run'),
    documents: v.count('documents in them'),
    records: v.count('records in them'),
    vectors: v.count('vectors in them'),
    deleted: v.count('documents that are named as deleted'),
    bytes: v.count('size of the files, that of a learned model included'),
    waiting: v.count('documents that changed and lack vectors: they leave when they have them'),
  })
  .meta({id: 'BatchesOut'})

export const ingestResult = z.strictObject({
  corpus: v.corpus,
  model: v.text('the embedding model'),
  dimension: v.count('width of its vectors'),
  documents: z
    .strictObject({
      added: v.count('new ones'),
      updated: v.count('such as changed'),
      unchanged: v.count('such as were passed over'),
      deleted: v.count('such as are gone'),
      failed: v.count('such as could not be read'),
    })
    .describe('documents by what became of them'),
  chunks: z
    .strictObject({
      added: v.count('new ones'),
      kept: v.count('such as stayed in documents that changed'),
      deleted: v.count('such as are gone'),
      total: v.count('in the corpus now'),
      pending: v.count('without a vector yet'),
    })
    .describe('chunks by what became of them'),
  cache: embeddingCacheUse,
  checkpoints: v.count('index segments that were published'),
  seconds: v.duration('how long it took'),
  text_seconds: v.duration('when all text was searchable by keyword'),
  documents_per_second: v.duration('documents read a second'),
  chunks_per_second: v.duration('chunks embedded a second'),
  index_dir: v.text('folder of the index files'),
  msgpack_out: batchesOut.optional().describe('what left as batches, with `--msgpack-out DIR`'),
  failed,
  faults: z
    .array(inputFault)
    .describe('what of the files read in this run was read only as far as it goes, or left out (exit 0)'),
  ignored,
  notes: v.notes,
  interrupted: v.flag('the run was interrupted (exit 130); everything counted is committed'),
  error: failure
    .optional()
    .describe(
      'the model could not be reached or used, or batches could not be written; the rest is done, and the exit code is its',
    ),
})

export const ingestPlan = z.strictObject({
  corpus: v.corpus,
  dry_run: z.literal(true).describe('always true'),
  add: v.texts('ids of documents that would be new'),
  update: v.texts('ids of documents that would be read anew'),
  unchanged: v.count('documents that would be passed over'),
  delete: v.texts('ids of documents that would be deleted'),
  failed,
  ignored,
})

export type IngestResult = v.Data<typeof ingestResult>
export type IngestPlanData = v.Data<typeof ingestPlan>
export type BatchesOut = v.Data<typeof batchesOut>
