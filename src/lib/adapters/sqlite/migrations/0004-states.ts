import type {Migration} from '../migration.js'

/**
 * A random name for each state of a corpus, so that what is cached of one store is never taken for another's; how a served model was
 * named and used; and a way to find passages by what they say, for batches that may have been taken in before.
 */
export const states: Migration = {
  format: 4,
  sql: `
ALTER TABLE corpora ADD COLUMN state TEXT NOT NULL DEFAULT '';
UPDATE corpora SET state = lower(hex(randomblob(16)));
ALTER TABLE embedding_versions ADD COLUMN spec TEXT;
CREATE INDEX chunks_by_content ON chunks (corpus_id, content_hash) WHERE deleted_at_ms IS NULL;
`,
}
