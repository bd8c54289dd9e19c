import type {Migration} from '../migration.js'

/** Commits are counted, so that the file beside the database can tell when some of them are gone. */
export const commits: Migration = {
  format: 9,
  sql: `
CREATE TABLE commits (
  corpus_id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  store TEXT
) STRICT;
INSERT INTO commits (corpus_id, number, store) VALUES (0, 0, lower(hex(randomblob(16))));
`,
}
