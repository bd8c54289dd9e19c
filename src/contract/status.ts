import * as z from 'zod'
import * as v from './parts/values.js'

export const statusRequest = z.strictObject({})

export const indexStatus = z.strictObject({
  tenant_id: v.text('tenant of the corpus; empty when it has none'),
  namespace: v.text('name of the corpus, without the tenant'),
  embedding_version: v.count('number of the live embedding version, 0 for none'),
  ntotal: v.count('vectors'),
  dimension: v.count('their width'),
  dirty: v.flag('some chunks have no vector yet'),
  updated_at: v.moment('when the corpus was last written'),
  pending: v.count('chunks without a vector'),
  tail: v.count('vectors in no index file yet; they are searched exactly'),
  segments: v.count('index files'),
})

export const statusResult = z.strictObject({
  ok: v.flag('nothing is damaged; else the exit code is 5'),
  db_ok: v.flag('the database is whole'),
  index_store_ok: v.flag('the index files are whole'),
  jobqueue_ok: v.flag('the queue of jobs is whole'),
  build_info: z
    .strictObject({
      version: v.text('of rag'),
      node: v.text('of Node.js'),
      store_format: v.count('of the database'),
    })
    .describe('versions'),
  indices: z.array(indexStatus).describe('an entry a corpus'),
  queue: z
    .strictObject({
      total: v.count('all'),
      pending: v.count('not begun'),
      running: v.count('under way'),
      completed: v.count('done'),
      failed: v.count('failed'),
    })
    .describe('jobs by state; all 0 while there are no jobs'),
  data_dir: v.text('folder of the store'),
  database_bytes: v.count('size of the database'),
  unfinished_deletes: z
    .array(
      z.strictObject({
        corpus: v.text('whose documents'),
        documents: v.count('how many'),
        begun_at: v.moment('when their rows went'),
      }),
    )
    .describe(
      'removals for good that were cut off: no search finds the documents, but bytes of them may be left; `verify --repair` finishes',
    ),
  notes: v.texts('what is wrong or waiting, with the command that mends it'),
})

export type StatusResult = v.Data<typeof statusResult>
