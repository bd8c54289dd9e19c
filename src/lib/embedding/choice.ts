import type {EmbeddingVersion} from '../model/embedding.js'

/** What to embed into, and what is to be said of the choice. */
export interface Choice {
  readonly version?: EmbeddingVersion | undefined
  /** Made just now: making it again would bring nothing. */
  readonly isNew?: true | undefined
  readonly notes: readonly string[]
}
