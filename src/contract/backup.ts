import * as z from 'zod'
import {waitSeconds, yes} from './parts/request-parts.js'
import * as v from './parts/values.js'

export const backupRequest = z.strictObject({
  dir: v.text('folder to make the backup in: new, empty, or with an earlier backup'),
  corpus: v.text('only this corpus; default: all').optional(),
  verify: yes('read all files that are there from before, and copy damaged ones anew'),
  force: yes('replace a backup of another store, or of other corpora'),
  wait: waitSeconds,
})

/** A corpus as it stands in a backup. */
export const backupCorpus = z
  .strictObject({
    corpus: v.corpus,
    version: v.corpusVersion,
    documents: v.count('its documents'),
    chunks: v.count('its chunks'),
    vectors: v.count('its vectors'),
    pending: v.count('chunks without a vector'),
  })
  .meta({id: 'BackupCorpus'})

export const backupResult = z.strictObject({
  dir: v.text('absolute path of the folder'),
  number: v.ordinal(
    'counts the backups into the folder; a store that was not written since keeps its number',
  ),
  created_at: v.moment('the instant that the backup holds'),
  corpus: z.string().nullable().describe('the one corpus of a backup made with `--corpus`, else null'),
  corpora: z.array(backupCorpus).describe('what is in it'),
  files: v.count('files in it'),
  bytes: v.count('their size'),
  copied: z
    .strictObject({files: v.count('files'), bytes: v.count('their size')})
    .describe('what was new and had to be copied'),
  retries: v.count('how often the database was copied anew because a file it names was replaced meanwhile'),
  left_out: z
    .array(
      z.strictObject({
        kind: z.enum(['index', 'model']).describe('what it is'),
        file: v.text('its name'),
        reason: v.text('what is wrong with it'),
      }),
    )
    .describe('index and model files that are damaged in the store (exit 3)'),
  damaged_texts: v.texts(
    'chunks that are not what was stored, as `CORPUS: DOCUMENT#c0001` (exit 3); with such, no earlier backup is replaced (exit 5)',
  ),
  seconds: v.duration('how long it took'),
})

export type BackupCorpusData = v.Data<typeof backupCorpus>
export type BackupResult = v.Data<typeof backupResult>
