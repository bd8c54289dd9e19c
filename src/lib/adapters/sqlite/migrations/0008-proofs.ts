import type {Migration} from '../migration.js'

/**
 * What makes promises provable. Purges: removals for good of which files and caches are still to be cleared, in hashes, so that nothing
 * of what was removed stands in them.
 */
export const proofs: Migration = {
  format: 8,
  sql: `
CREATE TABLE purges (
  id INTEGER PRIMARY KEY,
  corpus_id INTEGER NOT NULL REFERENCES corpora (id),
  begun_at_ms INTEGER NOT NULL,
  work TEXT NOT NULL,
  needles BLOB NOT NULL
) STRICT;
`,
}
