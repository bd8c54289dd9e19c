-- Format 10
CREATE TABLE chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  corpus_id INTEGER NOT NULL REFERENCES corpora (id),
  document_id INTEGER NOT NULL REFERENCES documents (id),
  ordinal INTEGER NOT NULL,
  start_line INTEGER NOT NULL,
  end_line INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  overlap INTEGER NOT NULL,
  content_hash BLOB NOT NULL,
  input_hash BLOB NOT NULL,
  deleted_at_ms INTEGER,
  heading TEXT NOT NULL,
  metadata TEXT,
  text TEXT NOT NULL
, checksum INTEGER NOT NULL DEFAULT 0, place TEXT) STRICT;
CREATE TABLE commits (
  corpus_id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  store TEXT
) STRICT;
CREATE TABLE corpora (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 0,
  keywords_removed INTEGER NOT NULL DEFAULT 0,
  counts TEXT,
  counted_version INTEGER NOT NULL DEFAULT -1,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
, state TEXT NOT NULL DEFAULT '', forgotten_version INTEGER NOT NULL DEFAULT 0, checksum INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  corpus_id INTEGER NOT NULL REFERENCES corpora (id),
  doc_id TEXT NOT NULL,
  doc_hash TEXT NOT NULL,
  language TEXT NOT NULL,
  source TEXT NOT NULL,
  root TEXT,
  source_size_bytes INTEGER,
  source_mtime_ms REAL,
  source_sha256 TEXT,
  source_read_at_ms INTEGER,
  source_pipeline TEXT,
  chunk_count INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  deleted_at_ms INTEGER,
  title TEXT NOT NULL,
  metadata TEXT NOT NULL, changed_version INTEGER NOT NULL DEFAULT 0, checksum INTEGER NOT NULL DEFAULT 0,
  UNIQUE (corpus_id, doc_id)
) STRICT;
CREATE TABLE embedding_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  corpus_id INTEGER NOT NULL REFERENCES corpora (id),
  number INTEGER NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  dimension INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('building', 'live', 'retired')),
  model_file TEXT,
  model_size_bytes INTEGER,
  model_sha256 TEXT,
  fitted_chunks INTEGER,
  created_at_ms INTEGER NOT NULL, model_verified_at_ms INTEGER, kept INTEGER NOT NULL DEFAULT 0 CHECK (kept IN (0, 1)), keeps_old INTEGER NOT NULL DEFAULT 0 CHECK (keeps_old IN (0, 1)), spec TEXT, checksum INTEGER NOT NULL DEFAULT 0,
  UNIQUE (corpus_id, number)
) STRICT;
CREATE TABLE leases (
  corpus TEXT PRIMARY KEY,
  token INTEGER NOT NULL,
  held INTEGER NOT NULL,
  host TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  pid INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  purpose TEXT NOT NULL,
  heartbeat_at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE message_sources (
  message_id INTEGER NOT NULL REFERENCES messages (id),
  n INTEGER,
  corpus TEXT NOT NULL,
  doc_id TEXT NOT NULL,
  chunk_id TEXT NOT NULL,
  start_line INTEGER NOT NULL,
  end_line INTEGER NOT NULL
, checksum INTEGER NOT NULL DEFAULT 0, place TEXT) STRICT;
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
  at_ms INTEGER NOT NULL, checksum INTEGER NOT NULL DEFAULT 0,
  UNIQUE (session_id, ordinal)
) STRICT;
CREATE TABLE profiles (
  user TEXT PRIMARY KEY,
  profile TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL
, checksum INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE purges (
  id INTEGER PRIMARY KEY,
  corpus_id INTEGER NOT NULL REFERENCES corpora (id),
  begun_at_ms INTEGER NOT NULL,
  work TEXT NOT NULL,
  needles BLOB NOT NULL
, checksum INTEGER NOT NULL DEFAULT 0) STRICT;
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
  created_at_ms INTEGER NOT NULL, checksum INTEGER NOT NULL DEFAULT 0,
  CHECK (first_seq <= last_seq)
) STRICT;
CREATE TABLE segments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version_id INTEGER NOT NULL REFERENCES embedding_versions (id),
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  dimension INTEGER NOT NULL,
  count INTEGER NOT NULL,
  file TEXT NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL, verified_at_ms INTEGER, checksum INTEGER NOT NULL DEFAULT 0,
  CHECK (first_seq <= last_seq)
) STRICT;
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user TEXT,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
, checksum INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE vectors (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  version_id INTEGER NOT NULL REFERENCES embedding_versions (id),
  chunk_id INTEGER NOT NULL REFERENCES chunks (id),
  kind TEXT NOT NULL CHECK (kind IN ('dense', 'dummy', 'empty')),
  vector BLOB NOT NULL
, checksum INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX chunks_by_content ON chunks (corpus_id, substr(content_hash, 1, 8)) WHERE deleted_at_ms IS NULL;
CREATE INDEX chunks_by_document ON chunks (document_id, ordinal);
CREATE INDEX chunks_by_input ON chunks (corpus_id, substr(input_hash, 1, 8));
CREATE INDEX deleted_chunks ON chunks (corpus_id, id, deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
CREATE INDEX documents_by_change ON documents (corpus_id, changed_version);
CREATE INDEX drafts_by_version ON segment_drafts (version_id, first_seq);
CREATE INDEX live_chunks ON chunks (corpus_id, id, deleted_at_ms) WHERE deleted_at_ms IS NULL;
CREATE UNIQUE INDEX one_live_version ON embedding_versions (corpus_id) WHERE state = 'live';
CREATE INDEX segments_by_version ON segments (version_id, first_seq);
CREATE INDEX sessions_by_user ON sessions (user) WHERE user IS NOT NULL;
CREATE INDEX sources_by_document ON message_sources (corpus, doc_id);
CREATE INDEX sources_by_message ON message_sources (message_id);
CREATE UNIQUE INDEX vectors_by_chunk ON vectors (chunk_id, version_id);
CREATE INDEX vectors_by_version ON vectors (version_id, kind, seq, chunk_id);
