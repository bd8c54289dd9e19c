import type {Migration} from '../migration.js'

/**
 * Passages are found by the first eight bytes of a hash, and then held against all of it: an index of whole hashes is two and a half
 * times as large, and as their order is random, a commit of many rows writes nearly all of it.
 */
export const shortKeys: Migration = {
  format: 7,
  sql: `
DROP INDEX chunks_by_input;
DROP INDEX chunks_by_content;
CREATE INDEX chunks_by_input ON chunks (corpus_id, substr(input_hash, 1, 8));
CREATE INDEX chunks_by_content ON chunks (corpus_id, substr(content_hash, 1, 8)) WHERE deleted_at_ms IS NULL;
`,
}
