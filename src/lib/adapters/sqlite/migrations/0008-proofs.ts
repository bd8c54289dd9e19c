import type {Migration} from '../migration.js'
import {addChecksums} from './0008-checksums.js'

/**
 * What makes promises provable. Purges: removals for good of which files and caches are still to be cleared, in hashes, so that nothing
 * of what was removed stands in them. Checksums: of each row that is read, so that a flipped bit is noticed.
 */
export const proofs: Migration = {
  format: 8,
  get sql() {
    return PURGES + addChecksums()
  },
}

const PURGES = `
CREATE TABLE purges (
  id INTEGER PRIMARY KEY,
  corpus_id INTEGER NOT NULL REFERENCES corpora (id),
  begun_at_ms INTEGER NOT NULL,
  work TEXT NOT NULL,
  needles BLOB NOT NULL
) STRICT;
`
