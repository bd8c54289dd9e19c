import type {Migration} from '../migration.js'

/** At which version of its corpus a document was changed last, so that an export can tell what is new since another one. */
export const changes: Migration = {
  format: 6,
  sql: `
ALTER TABLE documents ADD COLUMN changed_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE corpora ADD COLUMN forgotten_version INTEGER NOT NULL DEFAULT 0;
UPDATE documents SET changed_version = (SELECT version FROM corpora c WHERE c.id = documents.corpus_id);
UPDATE corpora SET forgotten_version = version;
CREATE INDEX documents_by_change ON documents (corpus_id, changed_version);
`,
}
