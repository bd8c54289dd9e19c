/**
 * True for a vector `v` whose chunk lives; takes the corpus id as parameter. The index answers it alone: going by the
 * chunk's row would read through all the texts.
 */
export const CHUNK_LIVES = `EXISTS (SELECT 1 FROM chunks c INDEXED BY live_chunks
  WHERE c.corpus_id = ? AND c.id = v.chunk_id AND c.deleted_at_ms IS NULL)`
