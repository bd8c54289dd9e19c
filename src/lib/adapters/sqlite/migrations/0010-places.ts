import type {Migration} from '../migration.js'

/**
 * Chunks, and sources of answers, remember places other than lines: pages, rows, messages. No row is written anew: NULL in these columns
 * adds nothing to the checksum of a row.
 */
export const places: Migration = {
  format: 10,
  sql: `
ALTER TABLE chunks ADD COLUMN place TEXT;
ALTER TABLE message_sources ADD COLUMN place TEXT;
`,
}
