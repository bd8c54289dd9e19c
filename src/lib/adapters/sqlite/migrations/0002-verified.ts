import type {Migration} from '../migration.js'

/** When `rag verify` last found a file whole, so that runs with a time limit go on where earlier ones stopped. */
export const verified: Migration = {
  format: 2,
  sql: `
ALTER TABLE segments ADD COLUMN verified_at_ms INTEGER;
ALTER TABLE embedding_versions ADD COLUMN model_verified_at_ms INTEGER;
`,
}
