import type {Migration} from '../migration.js'

/** Versions that are kept for going back, and segments of a rebuild that are finished but not yet switched to. */
export const rebuild: Migration = {
  format: 3,
  sql: `
ALTER TABLE embedding_versions ADD COLUMN kept INTEGER NOT NULL DEFAULT 0 CHECK (kept IN (0, 1));
ALTER TABLE embedding_versions ADD COLUMN keeps_old INTEGER NOT NULL DEFAULT 0 CHECK (keeps_old IN (0, 1));

CREATE TABLE segment_drafts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version_id INTEGER NOT NULL REFERENCES embedding_versions (id),
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  dimension INTEGER NOT NULL,
  count INTEGER NOT NULL,
  file TEXT NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  CHECK (first_seq <= last_seq)
) STRICT;
CREATE INDEX drafts_by_version ON segment_drafts (version_id, first_seq);
`,
}
