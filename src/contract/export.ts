import * as z from 'zod'
import {corpusName, yes} from './parts/request-parts.js'
import * as v from './parts/values.js'

export const exportRequest = z.strictObject({
  corpus: corpusName,
  out: v.text('folder to write to: new, empty, or of an earlier export of the corpus'),
  format: z
    .enum(['msgpack', 'jsonl'])
    .optional()
    .meta({description: '`msgpack` keeps everything', default: 'msgpack'}),
  max_records: z.int().min(1).optional().meta({description: 'most records a file', default: 10_000}),
  since: z.int().min(0).optional().describe('only what changed after this version of the corpus'),
  compress: z.enum(['gzip', 'zstd']).optional().describe('pack each file'),
  no_vectors: yes('leave the vectors out'),
})

export const exportResult = z.strictObject({
  corpus: v.corpus,
  corpus_version: v.count('version that was written: what `--since` takes the next time'),
  dir: v.text('the folder'),
  format: z.enum(['msgpack', 'jsonl']).describe('how the files are written'),
  files: z.array(v.writtenFile).describe('the files that were written'),
  documents: v.count('documents in them'),
  records: v.count('records in them'),
  deleted: v.count('documents that an export of changes names as deleted'),
  vectors: v.count('vectors in them'),
  model: v.text('the embedding model'),
  dimension: v.count('width of its vectors'),
  bytes: v.count('size of all files'),
  seconds: v.duration('how long it took'),
})

export type ExportResult = v.Data<typeof exportResult>
