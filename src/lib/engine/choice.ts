import type {EmbeddingVersion} from '../model/embedding.js'

/** What to embed into, and what is to be said of the choice. */
export interface Choice {
  readonly version?: EmbeddingVersion
  /** Made just now: making it again would bring nothing. */
  readonly isNew?: true
  readonly notes: readonly string[]
}
