import * as z from 'zod'
import {backupCorpus} from './backup.js'
import {dryRun, waitSeconds, yes} from './parts/request-parts.js'
import * as v from './parts/values.js'

export const restoreRequest = z.strictObject({
  dir: v.text('folder of the backup'),
  into: v.text('data folder to restore into, in place of the current one; must hold no corpus').optional(),
  dry_run: dryRun,
  force: yes(
    'replace what is there: with `into`, a store; by a backup of one corpus, a store that holds others',
  ),
  keep_old: yes('first make a backup of the old store, beside it'),
  no_indexes: yes('leave the index files out; the next ingest builds them anew from the database'),
  wait: waitSeconds,
})

export const restoreResult = z.strictObject({
  dir: v.text('absolute path of the backup'),
  data_dir: v.text('the data folder it was put into'),
  index_dir: v.text('the folder of its index files'),
  dry_run: v.flag('nothing was changed: this is what would happen'),
  number: v.ordinal('number of the backup'),
  created_at: v.moment('the instant that the backup holds'),
  corpora: z.array(backupCorpus).describe('what is in it'),
  files: v.count('files that were put in place'),
  bytes: v.count('their size'),
  replaced: v.texts('corpora that were there before'),
  kept_old: z
    .string()
    .nullable()
    .describe('where the old store is (`--keep-old`, or its damaged database), else null'),
  notes: v.notes,
  seconds: v.duration('how long it took'),
})

export type RestoreResult = v.Data<typeof restoreResult>
