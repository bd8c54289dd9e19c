import * as z from 'zod'
import {corpusName, filters, waitSeconds, yes} from './parts/request-parts.js'
import {place} from './parts/place.js'
import * as v from './parts/values.js'

export const documentListRequest = z.strictObject({
  corpus: corpusName,
  filters,
  limit: z.int().min(1).optional().describe('list at most so many; default: all'),
  offset: z.int().min(0).optional().meta({description: 'leave out the first so many', default: 0}),
})

export const documentShowRequest = z.strictObject({
  corpus: corpusName,
  doc_id: v.text('id of the document'),
  chunks: yes('with its chunks'),
  text: yes('with its text'),
})

export const documentUpsertRequest = z.strictObject({
  corpus: corpusName,
  doc_id: v.text('id of the document'),
  text: v.text('its text'),
  title: v.text('its title').optional(),
  metadata: v.metadata.optional().describe('metadata to filter by'),
  wait: waitSeconds,
})

export const documentDeleteRequest = z.strictObject({
  corpus: corpusName,
  doc_ids: z.array(z.string()).min(1).describe('ids of the documents'),
  hard: yes('remove them from the database, the indexes and the caches for good'),
  wait: waitSeconds,
})

/** A document without its text. */
export const documentEntry = z
  .strictObject({
    doc_id: v.text('its id'),
    title: v.text('its title'),
    source: v.text('where it came from: a path, or a label such as `stdin`'),
    chunks: v.count('its chunks'),
    doc_hash: v.hex('hash of its content'),
    updated_at: v.moment('when it was last stored'),
    language: v.text('its language'),
    metadata: v.metadata.describe('its metadata'),
    created_at: v.moment('when it was first stored'),
  })
  .meta({id: 'Document'})

export const documentListResult = z.strictObject({
  documents: z.array(documentEntry).describe('in the order of their ids'),
  total: v.count('all that match, also beyond `--limit`'),
})

export const documentShowResult = z.strictObject({
  ...documentEntry.shape,
  embedded: v.count('chunks that have a vector'),
  chunk_list: z
    .array(
      z.strictObject({
        chunk_id: v.text('its id'),
        text: v.text('its text'),
        heading: v.heading,
        lines: v.lines,
        place: place.nullable().describe('where it stands in its source; null when that cannot be said'),
        tokens: v.count('its length in tokens'),
        content_hash: v.hex('hash of its text'),
        metadata: v.metadata.describe("the document's, with its own laid over it"),
      }),
    )
    .optional()
    .describe('the chunks in order, with `--chunks`'),
  text: z
    .string()
    .optional()
    .describe(
      'the text that was cut into chunks, with `--text`; of a document that came in chunks: those, joined',
    ),
})

const jobId = z.null().describe('always null: it is done when the answer is given')

export const documentUpsertResult = z.strictObject({
  accepted: v.flag('the document is stored'),
  upserted_docs: v.count('1, or 0 when the content was the same'),
  skipped_docs: v.count('1 when the content was the same, else 0'),
  chunks_created: v.count('chunks that were made of it'),
  job_id: jobId,
  doc_id: v.text('id of the document'),
  corpus_version: v.corpusVersion,
})

export const documentDeleteResult = z.strictObject({
  deleted: v.flag('all ids were found; else the exit code is 3'),
  doc_id: z.string().nullable().describe('the id; null when several were named'),
  chunks_deleted: v.count('chunks that went'),
  job_id: jobId,
  documents: z
    .array(z.strictObject({doc_id: v.text('an id that was named'), deleted: v.flag('it was there')}))
    .describe('all ids that were named'),
  corpus_version: v.corpusVersion,
  hard: z
    .strictObject({
      rows_removed: v.count('rows of the database'),
      vectors_removed: v.count('vectors'),
      segments_rewritten: v.count('index files that were written anew'),
      cache_entries_removed: v.count('cached vectors, results and answers'),
      kept_version_dropped: z
        .int()
        .min(1)
        .nullable()
        .describe('version kept for `rebuild --rollback`, when its learned model went with them, else null'),
      resumed: v.flag('it also went on with a removal of these documents that was cut off before'),
      finished: v.flag(
        'nothing is left to do; else the exit code is 3, and the next write to the corpus, or the same command, goes on',
      ),
      proof: z
        .array(
          z.strictObject({place: v.text('where was looked'), absent: v.flag('nothing of them is there')}),
        )
        .describe('the places that were checked afterwards'),
      byte_proof: z
        .strictObject({
          absent: v.flag('nothing of them was found'),
          files: v.count('files that were read'),
          bytes: v.count('their bytes'),
          found: z
            .array(
              z.strictObject({
                file: v.text('below the data folder, or absolute'),
                what: v.text('`text`, `terms` and `vectors` of them, or why it can’t be read'),
                ours: v.flag(
                  'it is of rag; else it is for a person to see to: a source, an export, a backup',
                ),
              }),
            )
            .describe('files that still hold something of them'),
        })
        .optional()
        .describe(
          'what was found when every byte of every file below the data folder, the folder of indexes and that of caches was read; absent when nothing was there to be removed',
        ),
    })
    .optional()
    .describe('what was removed for good, with `--hard`'),
})

export type DocumentEntry = v.Data<typeof documentEntry>
export type DocumentListResult = v.Data<typeof documentListResult>
export type DocumentShowResult = v.Data<typeof documentShowResult>
export type DocumentUpsertResult = v.Data<typeof documentUpsertResult>
export type DocumentDeleteResult = v.Data<typeof documentDeleteResult>
