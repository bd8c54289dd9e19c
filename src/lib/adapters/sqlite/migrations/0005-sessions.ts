import type {Migration} from '../migration.js'

/** Conversations with the passages that each answer was made from, and what is known of those who ask. */
export const sessions: Migration = {
  format: 5,
  sql: `
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user TEXT,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user) WHERE user IS NOT NULL;

CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id),
  ordinal INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  text TEXT NOT NULL,
  corpus TEXT NOT NULL,
  standalone_query TEXT,
  intent TEXT,
  model TEXT,
  redacted INTEGER NOT NULL DEFAULT 0 CHECK (redacted IN (0, 1)),
  at_ms INTEGER NOT NULL,
  UNIQUE (session_id, ordinal)
) STRICT;

CREATE TABLE message_sources (
  message_id INTEGER NOT NULL REFERENCES messages (id),
  n INTEGER,
  corpus TEXT NOT NULL,
  doc_id TEXT NOT NULL,
  chunk_id TEXT NOT NULL,
  start_line INTEGER NOT NULL,
  end_line INTEGER NOT NULL
) STRICT;
CREATE INDEX sources_by_message ON message_sources (message_id);
CREATE INDEX sources_by_document ON message_sources (corpus, doc_id);

CREATE TABLE profiles (
  user TEXT PRIMARY KEY,
  profile TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
`,
}
